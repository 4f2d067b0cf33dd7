//! `tradebook demo`: the example data, served.

use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;

use tradebook_api::Clock;
use tradebook_api::transfer::{ImportRequest, import};
use tradebook_model::{Settings, TimeZone};
use tradebook_store::{NewKey, NewUser, Password, Role, Store, StoreOptions};

use super::{CommandError, server};
use crate::cli::Demo;

/// The day on which the example data ends.
const BUSINESS_DATE: time::Date = time::macros::date!(2011 - 12 - 10);

/// The name and the password of the user whom the examples of Swagger UI sign in.
const USER: &str = "demo";

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_bytes!(concat!("../../../../fixtures/demo/", $name)).as_slice())),*]
    };
}

/// The example data, compiled in so that the binary is all one needs.
static FILES: [(&str, &[u8]); 21] = files![
    "access_tokens.csv",
    "accounts_receivable.csv",
    "agreed_prices.csv",
    "classifications.csv",
    "contacts.csv",
    "currencies.csv",
    "currency_rate_periods.csv",
    "customer_part_numbers.csv",
    "customers.csv",
    "invoice_lines.csv.gz",
    "order_lines.csv",
    "price_lists.csv",
    "prices.csv",
    "product_types.csv",
    "products.csv",
    "purchase_event_products.csv",
    "purchase_events.csv",
    "rewards_participants.csv",
    "spend_requests.csv",
    "units.csv",
    "users.csv",
];

pub(crate) fn demo(arguments: Demo) -> Result<ExitCode, CommandError> {
    let folder = tempfile::Builder::new().prefix("tradebook-demo-").tempdir()?;
    let options = StoreOptions {
        pool_size: arguments.server.database_connections,
        ..StoreOptions::default()
    };
    let database = folder.path().join("demo.db");
    let store = Store::open(&format!("sqlite://{}", database.display()), &options)?;
    store.migrate()?;
    let credentials = load(&store, folder.path())?;
    let images = folder.path().join("images");
    server::run(store, &arguments.server, Clock::pinned(BUSINESS_DATE), images, |address| {
        print!("{}", introduction(address, &credentials));
    })?;
    Ok(ExitCode::SUCCESS)
}

/// What opens the example data.
struct Credentials {
    key: String,
    /// A token for the calls of purchase events.
    token: String,
}

/// Creates the organization, imports the data and lets somebody in.
fn load(store: &Store, folder: &Path) -> Result<Credentials, CommandError> {
    let name = "Example".parse()?;
    let settings = Settings::new("GBP".parse()?, TimeZone::UTC);
    let organization = store.create_organization(&name, &settings)?;
    let data = folder.join("data");
    std::fs::create_dir(&data).map_err(CommandError::Demo)?;
    for (name, bytes) in FILES {
        std::fs::write(data.join(name), bytes).map_err(CommandError::Demo)?;
    }
    let request =
        ImportRequest { organization: name, paths: vec![data], dry_run: false, replace: false };
    import(store, &request, &mut |_| {})?;
    let new = NewKey {
        organization: organization.id,
        role: Role::Write,
        label: Some("demo".parse()?),
        user: None,
    };
    let (record, key) = store.create_key(&new)?;
    let key = key.expose().to_owned();
    store.create_user(&NewUser {
        organization: organization.id,
        username: USER.parse()?,
        reference: None,
        password: Password::new(USER)?,
    })?;
    let now = Clock::SYSTEM.now();
    let token = store.issue_event_token(organization.id, None, Some(record.id), now)?;
    Ok(Credentials { key, token: token.expose().to_owned() })
}

fn introduction(address: SocketAddr, Credentials { key, token }: &Credentials) -> String {
    format!(
        "\
Tradebook serves its example data on http://{address} as of {BUSINESS_DATE}.
Swagger UI: http://{address}/swagger-ui/
API key:    {key}
User:       {USER}, password {USER}, of the organization Example

# What a product costs this week, on the standard lists and for the customer Seaside Souvenirs:
curl http://{address}/api/v1/PriceListNormal -H 'Content-Type: application/json' -d '{{
  \"apiKey\": \"{key}\", \"Currency\": \"GBP\", \"AccountNumbers\": [\"15039\"], \"ProductCodes\": [\"85123A\"] }}'

# What was agreed with Hartley & Daughters Gifts, in XML:
curl http://{address}/api/v1/CustomerCPA -H 'Content-Type: application/xml' -d '<CustomerCPAParams>
  <AccountNumbers><string>12748</string></AccountNumbers><apiKey>{key}</apiKey></CustomerCPAParams>' -H 'Accept: application/xml'

# What Copper Kettle Homewares ordered in the last month and can have again within four weeks:
curl http://{address}/api/v1/CustomerBuyingReport -H 'Content-Type: application/json' -d '{{
  \"apiKey\": \"{key}\", \"AccountNo\": \"14298\", \"BasedOn\": \"O\", \"MonthsBack\": 1, \"WeeksUntilAvailable\": 4 }}'

# What Hartley & Daughters Gifts spent, by the card of their account; the token lasts two hours:
curl http://{address}/crmapi/rest/v2/customer_events/purchases/list -d '{{
  \"token\": \"{token}\", \"fields_set\": \"number, performed_on, total_amount, total_spend_amount\",
  \"accounts_receivable_identifier\": {{\"access_token_identifier\": {{\"identifier\": \"6666\", \"pass_code\": \"9999\"}}}} }}'

# Another token:
curl -X POST -u {key}: http://{address}/crmapi/rest/v2/authentication/web_api_key/token

Ctrl-C stops it; the data is then gone.
"
    )
}
