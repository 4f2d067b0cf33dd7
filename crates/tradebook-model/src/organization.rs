//! Organizations, the tenants, and their settings.

use std::fmt;
use std::str::FromStr;

use crate::price_list::words;
use crate::{CurrencyCode, ModelError, OrganizationId, TimeZone};

/// The name by which the command line knows an organization: 1 to 100 characters, no control characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrganizationName(Box<str>);

impl OrganizationName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for OrganizationName {
    type Err = ModelError;

    fn from_str(text: &str) -> Result<Self, ModelError> {
        let text = text.trim();
        let what = "the organization's name";
        match text.chars().count() {
            0 => Err(ModelError::Empty { what }),
            length @ 101.. => Err(ModelError::TooLong { what, length, max: 100 }),
            _ if text.chars().any(char::is_control) => Err(ModelError::ControlCharacter { what }),
            _ => Ok(Self(text.into())),
        }
    }
}

impl fmt::Display for OrganizationName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A tenant: everything belongs to one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organization {
    /// Its id.
    pub id: OrganizationId,
    /// Its name, unique in the database.
    pub name: OrganizationName,
    /// What it has chosen.
    pub settings: Settings,
}

words! {
    /// On which lists `PLCusts` names the customers.
    PriceListCustomers, "none, custom or all" {
        /// On none.
        None = "none",
        /// On customers' and groups' lists.
        Custom = "custom",
        /// On all lists.
        All = "all",
    }
}

words! {
    /// How an absent decimal is written in XML.
    NullDecimals, "omit, nil or zero" {
        /// The element is left out.
        Omit = "omit",
        /// `xsi:nil="true"`.
        Nil = "nil",
        /// As `0`.
        Zero = "zero",
    }
}

/// What an organization has chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The currency of costs, and of customers that name none.
    pub currency: CurrencyCode,
    /// The zone in which its days begin.
    pub time_zone: TimeZone,
    /// Whether customers show their region.
    pub geographical_locations: bool,
    /// For how many days after it happened a purchase event can be spent.
    pub spend_period_days: u32,
    /// On which lists `PLCusts` names the customers.
    pub price_list_customers: PriceListCustomers,
    /// Whether a customer with an agreed price pays the standard break it reaches where that is lower.
    pub agreed_bulk_protection: bool,
    /// Whether a buying report without a time limit shows items that have neither stock nor a date.
    pub include_undated: bool,
    /// How an absent decimal is written in XML.
    pub null_decimals_in_xml: NullDecimals,
    /// Whether images need signing in.
    pub private_images: bool,
}

/// The name of a setting, as `organization set` takes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    /// [`Settings::currency`].
    Currency,
    /// [`Settings::time_zone`].
    TimeZone,
    /// [`Settings::geographical_locations`].
    GeographicalLocations,
    /// [`Settings::spend_period_days`].
    SpendPeriodDays,
    /// [`Settings::price_list_customers`].
    PriceListCustomers,
    /// [`Settings::agreed_bulk_protection`].
    AgreedBulkProtection,
    /// [`Settings::include_undated`].
    IncludeUndated,
    /// [`Settings::null_decimals_in_xml`].
    NullDecimalsInXml,
    /// [`Settings::private_images`].
    PrivateImages,
}

impl Setting {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 9] = [
        Self::Currency,
        Self::TimeZone,
        Self::GeographicalLocations,
        Self::SpendPeriodDays,
        Self::PriceListCustomers,
        Self::AgreedBulkProtection,
        Self::IncludeUndated,
        Self::NullDecimalsInXml,
        Self::PrivateImages,
    ];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Currency => "currency",
            Self::TimeZone => "time_zone",
            Self::GeographicalLocations => "geographical_locations",
            Self::SpendPeriodDays => "spend_period_days",
            Self::PriceListCustomers => "price_list_customers",
            Self::AgreedBulkProtection => "agreed_bulk_protection",
            Self::IncludeUndated => "include_undated",
            Self::NullDecimalsInXml => "null_decimals_in_xml",
            Self::PrivateImages => "private_images",
        }
    }
}

impl FromStr for Setting {
    type Err = ModelError;

    fn from_str(text: &str) -> Result<Self, ModelError> {
        let name = text.trim();
        Self::ALL.into_iter().find(|setting| setting.name() == name).ok_or_else(|| {
            ModelError::UnknownSetting {
                name: name.chars().take(60).collect(),
                known: Self::ALL.map(Self::name).join(", "),
            }
        })
    }
}

impl Settings {
    /// The settings of a new organization.
    pub fn new(currency: CurrencyCode, time_zone: TimeZone) -> Self {
        Self {
            currency,
            time_zone,
            geographical_locations: false,
            spend_period_days: 30,
            price_list_customers: PriceListCustomers::Custom,
            agreed_bulk_protection: false,
            include_undated: false,
            null_decimals_in_xml: NullDecimals::Omit,
            private_images: false,
        }
    }

    /// The value of a setting as text.
    pub fn get(&self, setting: Setting) -> String {
        match setting {
            Setting::Currency => self.currency.to_string(),
            Setting::TimeZone => self.time_zone.to_string(),
            Setting::GeographicalLocations => self.geographical_locations.to_string(),
            Setting::SpendPeriodDays => self.spend_period_days.to_string(),
            Setting::PriceListCustomers => self.price_list_customers.to_string(),
            Setting::AgreedBulkProtection => self.agreed_bulk_protection.to_string(),
            Setting::IncludeUndated => self.include_undated.to_string(),
            Setting::NullDecimalsInXml => self.null_decimals_in_xml.to_string(),
            Setting::PrivateImages => self.private_images.to_string(),
        }
    }

    /// Sets a setting from text.
    pub fn set(&mut self, setting: Setting, value: &str) -> Result<(), ModelError> {
        match setting {
            Setting::Currency => self.currency = value.parse()?,
            Setting::TimeZone => self.time_zone = value.parse()?,
            Setting::GeographicalLocations => self.geographical_locations = flag(value)?,
            Setting::SpendPeriodDays => {
                self.spend_period_days =
                    value.trim().parse().ok().filter(|days| *days <= 36_500).ok_or_else(|| {
                        ModelError::unreadable(value, "a number of days between 0 and 36500")
                    })?;
            }
            Setting::PriceListCustomers => self.price_list_customers = value.parse()?,
            Setting::AgreedBulkProtection => self.agreed_bulk_protection = flag(value)?,
            Setting::IncludeUndated => self.include_undated = flag(value)?,
            Setting::NullDecimalsInXml => self.null_decimals_in_xml = value.parse()?,
            Setting::PrivateImages => self.private_images = flag(value)?,
        }
        Ok(())
    }
}

fn flag(text: &str) -> Result<bool, ModelError> {
    match text.trim() {
        "true" | "1" | "Y" => Ok(true),
        "false" | "0" | "N" => Ok(false),
        _ => Err(ModelError::unreadable(text, "true or false")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_can_be_read_and_set_back() {
        let mut settings = Settings::new("EUR".parse().unwrap(), TimeZone::UTC);
        for setting in Setting::ALL {
            assert_eq!(setting.name().parse(), Ok(setting));
            let value = settings.get(setting);
            settings.set(setting, &value).unwrap();
            assert_eq!(settings.get(setting), value);
            assert!(settings.set(setting, "?").is_err(), "{setting:?}");
        }
        assert!("colour".parse::<Setting>().is_err());
    }
}
