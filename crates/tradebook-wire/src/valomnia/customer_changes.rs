//! What the parameters of a write ask for.

use tradebook_model::{
    Change, CustomerChanges, CustomerReference, PlaceChanges, RecordRef, ShortText,
};

use super::country::country_code;
use super::fault::Fault;
use super::parameters::Parameters;
use super::{number, payment_types, record_ref};

/// Reads what a new customer should be. `path_reference` is the reference in the path of an upsert, which stands for the
/// parameter and says that relations are named by reference.
///
/// Faults come in this order: missing, type, then texts that no field can hold. Relations are not looked up here; lengths
/// and ranges are checked where the whole customer is known.
pub fn read_new_customer(
    parameters: &Parameters,
    path_reference: Option<&str>,
) -> Result<CustomerChanges, Fault> {
    let reference = path_reference.or_else(|| parameters.get("reference")).unwrap_or_default();
    if reference.trim().is_empty() {
        return Err(Fault::Missing("reference"));
    }
    if parameters.filled("name").is_none() {
        return Err(Fault::Missing("name"));
    }
    needs(parameters, Needed::Given)?;
    let changes = Reader { parameters, by_reference: path_reference.is_some() }.read()?;
    let reference = CustomerReference::new(reference).map_err(|_| Fault::SaveFailed)?;
    // By default the one who creates it; only an update can say that it was nobody.
    let user = match changes.user {
        Change::Set(None) => Change::Keep,
        user => user,
    };
    Ok(CustomerChanges { reference: Change::Set(reference), user, ..changes })
}

/// Reads what should change of a customer: absent parameters keep their fields, empty ones clear them. `by_reference` says that
/// the path names the customer by reference, and that relations are named so too.
///
/// What a parameter needs beside it — a parent for a sub-customer, a number of days for a due date — may also be there already,
/// so that it is missing here only where it is cleared.
pub fn read_customer_changes(
    parameters: &Parameters,
    by_reference: bool,
) -> Result<CustomerChanges, Fault> {
    for name in ["reference", "name"] {
        if parameters.get(name) == Some("") {
            return Err(Fault::Missing(name));
        }
    }
    needs(parameters, Needed::NotCleared)?;
    Reader { parameters, by_reference }.read()
}

/// What a customer has already of that which other parameters need.
#[derive(Debug, Clone, Copy)]
pub struct Standing {
    /// It is a sub-customer.
    pub has_parent: bool,
    /// It has a rule for due dates.
    pub has_due_date_type: bool,
    /// It has the number of days for it.
    pub has_due_date_number: bool,
}

/// Whether an update leaves a customer with a rule but no number of days, or makes it a sub-customer of nobody. To be asked
/// before [`read_customer_changes`]: what is missing is told before what cannot be read.
pub fn check_needs(parameters: &Parameters, standing: Standing) -> Result<(), Fault> {
    let Standing { has_parent, has_due_date_type, has_due_date_number } = standing;
    let will_have = |name, has| parameters.get(name).map_or(has, |text| !text.is_empty());
    let is_sub_customer =
        parameters.filled("isSubCustomer").and_then(number::read_boolean).unwrap_or(false);
    if is_sub_customer && !will_have("parentCustomer", has_parent) {
        return Err(Fault::Missing("parentCustomer"));
    }
    if will_have("dueDateConfigType", has_due_date_type)
        && !will_have("dueDateConfigNumber", has_due_date_number)
    {
        return Err(Fault::Missing("dueDateConfigNumber"));
    }
    Ok(())
}

/// What is asked of a parameter that another one needs.
#[derive(Clone, Copy)]
enum Needed {
    Given,
    NotCleared,
}

fn needs(parameters: &Parameters, needed: Needed) -> Result<(), Fault> {
    let lacks = |name| match needed {
        Needed::Given => parameters.filled(name).is_none(),
        Needed::NotCleared => parameters.get(name) == Some(""),
    };
    let is_sub_customer =
        parameters.filled("isSubCustomer").and_then(number::read_boolean).unwrap_or(false);
    if is_sub_customer && lacks("parentCustomer") {
        return Err(Fault::Missing("parentCustomer"));
    }
    if parameters.filled("dueDateConfigType").is_some() && lacks("dueDateConfigNumber") {
        return Err(Fault::Missing("dueDateConfigNumber"));
    }
    Ok(())
}

/// Reads the parameters of one write.
struct Reader<'a> {
    parameters: &'a Parameters,
    by_reference: bool,
}

impl Reader<'_> {
    /// Reads every parameter, in the documented order; last the texts that may be too long.
    fn read(mut self) -> Result<CustomerChanges, Fault> {
        self.by_reference |= self.flag("useExternalId", false)? == Change::Set(true);
        let changes = CustomerChanges {
            reference: Change::Keep,
            name: Change::Keep,
            reference2: self.text("reference2"),
            barcode: self.text("barcode"),
            is_active: self.flag("isActive", true)?,
            category: self.relation("categoryId")?,
            is_sub_customer: self.flag("isSubCustomer", false)?,
            parent: self.relation("parentCustomer")?,
            bill_with_parent: self.flag("billWithParent", false)?,
            segmentation: self.relation("customerSegmentationId")?,
            user: self.relation("userId")?,
            is_same_address: self.flag("isSameAddress", true)?,
            billing: PlaceChanges {
                country: self.country("billingCountry"),
                city: self.text("billingCity"),
                postal_code: self.text("billingPostalCode"),
                address: self.text("billingAddress"),
                latitude: self.value("billingLat", number::read_double)?,
                longitude: self.value("billingLng", number::read_double)?,
            },
            shipping: PlaceChanges {
                country: self.country("country"),
                city: self.text("city"),
                postal_code: self.text("postalCode"),
                address: self.text("address"),
                latitude: self.value("latitude", number::read_double)?,
                longitude: self.value("longitude", number::read_double)?,
            },
            email: self.text("email"),
            phone: self.text("phone"),
            mobile: self.text("mobile"),
            fax: self.text("fax"),
            comment: self.text("comment"),
            website: self.text("website"),
            credit_limit: self.value("creditLimit", number::read_money)?,
            due_date_config_number: self.value("dueDateConfigNumber", |text| text.parse().ok())?,
            due_date_config_type: self.value("dueDateConfigType", |text| text.parse().ok())?,
            tax_number: self.text("taxNumber"),
            company_registration_number: self.text("companyRegistrationNumber"),
            currency: self.text("currency"),
            payment_types: match self.parameters.get("paymentTypes") {
                None => Change::Keep,
                Some("") => Change::Set(Vec::new()),
                Some(text) => Change::Set(payment_types::read(text, self.by_reference)?),
            },
            region: self.region()?,
            customer_risk: self.text("customerRisk"),
            customer_risk_color: self.text("customerRiskColor"),
            on_hold: self.flag("onHold", false)?,
            on_hold_reason: self.text("onHoldReason"),
            logo: Change::Keep,
        };
        // No database keeps this character in a text.
        if self.parameters.pairs().iter().any(|(_, value)| value.contains('\0')) {
            return Err(Fault::SaveFailed);
        }
        Ok(CustomerChanges {
            reference: self.checked("reference", CustomerReference::new)?,
            name: self.checked("name", ShortText::new)?,
            ..changes
        })
    }

    fn text(&self, name: &str) -> Change<Option<String>> {
        match self.parameters.get(name) {
            None => Change::Keep,
            Some("") => Change::Set(None),
            Some(text) => Change::Set(Some(text.to_owned())),
        }
    }

    fn country(&self, name: &str) -> Change<Option<String>> {
        match self.parameters.get(name) {
            None => Change::Keep,
            Some("") => Change::Set(None),
            Some(text) => Change::Set(Some(country_code(text).into_owned())),
        }
    }

    fn value<T>(
        &self,
        name: &'static str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Change<Option<T>>, Fault> {
        Ok(match self.parameters.get(name) {
            None => Change::Keep,
            Some("") => Change::Set(None),
            Some(text) => Change::Set(Some(read(text).ok_or(Fault::InvalidType(name))?)),
        })
    }

    fn relation(&self, name: &'static str) -> Result<Change<Option<RecordRef>>, Fault> {
        self.value(name, |text| record_ref::read(text, self.by_reference))
    }

    /// Regions have no references.
    fn region(&self) -> Result<Change<Option<RecordRef>>, Fault> {
        self.value("regionId", |text| record_ref::read(text, false))
    }

    /// A boolean, which becomes the default of a new customer where it is cleared.
    fn flag(&self, name: &'static str, default: bool) -> Result<Change<bool>, Fault> {
        Ok(match self.value(name, number::read_boolean)? {
            Change::Keep => Change::Keep,
            Change::Set(value) => Change::Set(value.unwrap_or(default)),
        })
    }

    fn checked<T, E>(
        &self,
        name: &str,
        read: impl FnOnce(&str) -> Result<T, E>,
    ) -> Result<Change<T>, Fault> {
        match self.parameters.filled(name) {
            None => Ok(Change::Keep),
            Some(text) => read(text).map(Change::Set).map_err(|_| Fault::SaveFailed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn create(pairs: &[(&str, &str)]) -> Result<CustomerChanges, Fault> {
        read_new_customer(&Parameters::of(pairs), None)
    }

    #[test]
    fn what_is_missing_is_told_before_what_cannot_be_read() {
        let needed = [("reference", "R"), ("name", "N"), ("isActive", "maybe")];
        let with = |extra: &[(&'static str, &'static str)]| {
            let all: Vec<_> = needed.iter().chain(extra).copied().collect();
            create(&all).unwrap_err()
        };
        assert_eq!(create(&needed[1..]), Err(Fault::Missing("reference")));
        assert_eq!(create(&[needed[0], ("name", " "), needed[2]]), Err(Fault::Missing("name")));
        assert_eq!(with(&[("isSubCustomer", "1")]), Fault::Missing("parentCustomer"));
        assert_eq!(with(&[("dueDateConfigType", "1")]), Fault::Missing("dueDateConfigNumber"));
        assert_eq!(with(&[]), Fault::InvalidType("isActive"));
        let long = "x".repeat(101);
        let long = [("reference", long.as_str()), ("name", "N")];
        assert_eq!(create(&long), Err(Fault::SaveFailed));
        assert_eq!(
            create(&[("reference", "R"), ("name", "N"), ("fax", "\0")]),
            Err(Fault::SaveFailed)
        );
    }

    #[test]
    fn relations_are_named_by_id_or_by_reference() {
        let form =
            [("reference", "R"), ("name", "N"), ("categoryId", "jewelry"), ("regionId", "3")];
        assert_eq!(create(&form), Err(Fault::InvalidType("categoryId")));
        let external = Parameters::of(&[form.as_slice(), &[("useExternalId", "true")]].concat());
        let by_path = read_new_customer(&Parameters::of(&form[1..]), Some("R"));
        for changes in [read_new_customer(&external, None), by_path] {
            let changes = changes.unwrap();
            let jewelry = RecordRef::Reference("jewelry".into());
            assert_eq!(changes.category, Change::Set(Some(jewelry)));
            assert_eq!(changes.region, Change::Set(Some(RecordRef::Id(3))));
            assert_eq!(changes.reference.value().map(CustomerReference::as_str), Some("R"));
        }
    }

    #[test]
    fn an_update_keeps_what_is_absent_and_clears_what_is_empty() {
        let update = |pairs| read_customer_changes(&Parameters::of(pairs), false);
        assert_eq!(update(&[]), Ok(CustomerChanges::default()));
        let changes =
            update(&[("phone", ""), ("fax", " 7 "), ("isActive", ""), ("paymentTypes", "")]);
        let expected = CustomerChanges {
            phone: Change::Set(None),
            fax: Change::Set(Some("7".into())),
            is_active: Change::Set(true),
            payment_types: Change::Set(Vec::new()),
            ..CustomerChanges::default()
        };
        assert_eq!(changes, Ok(expected));
        for (pairs, missing) in [
            (&[("reference", "")][..], "reference"),
            (&[("name", " ")], "name"),
            (&[("isSubCustomer", "true"), ("parentCustomer", "")], "parentCustomer"),
            (&[("dueDateConfigType", "2"), ("dueDateConfigNumber", "")], "dueDateConfigNumber"),
        ] {
            assert_eq!(update(pairs), Err(Fault::Missing(missing)));
        }
        // What they need may be there already.
        assert!(update(&[("isSubCustomer", "true")]).is_ok());
        assert!(update(&[("dueDateConfigType", "2")]).is_ok());
    }
}
