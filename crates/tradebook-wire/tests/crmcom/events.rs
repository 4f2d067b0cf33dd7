//! Events to write.

use std::sync::Arc;

use time::macros::{date, datetime};
use tradebook_model::{
    Account, AccountState, Classification, Currency, EventProduct, LogInformation, OffsetDateTime,
    PostingState, ProductClass, ProductId, ProductType, PurchaseEvent, PurchaseLine, RatePeriod,
    RewardsParticipant, ServiceType, SpendRequest, Unit, User,
};

/// An event of which everything is known.
pub(crate) fn complete() -> PurchaseEvent {
    let currency = Currency {
        code: "GBP".parse().unwrap(),
        name: Some("Pound sterling".parse().unwrap()),
        exchange_rate: Some("1.17".parse().unwrap()),
        prefix_symbol: Some("£".parse().unwrap()),
        suffix_symbol: None,
    };
    let user = |id: &str, name: &str| {
        Arc::new(User {
            id: id.parse().unwrap(),
            reference: name.parse().unwrap(),
            username: Some(name.parse().unwrap()),
            name: Some("Ann \"Till\" One".parse().unwrap()),
            email: Some("ann@example.com".parse().unwrap()),
        })
    };
    let product_type = ProductType {
        id: "6".parse().unwrap(),
        name: "Fees".parse().unwrap(),
        alternative_code: Some("006".parse().unwrap()),
        description: Some("Fees One Time Services".parse().unwrap()),
        classification: Some(ProductClass::Services),
        service_type: Some(ServiceType::Expense),
        physical_good_type: None,
        composition_method: Some(tradebook_model::CompositionMethod::Flat),
        used_for_provisioning: Some(false),
    };
    let product = EventProduct {
        id: ProductId::new(17).unwrap(),
        code: "Expense 1".parse().unwrap(),
        alternative_code: Some("E1".parse().unwrap()),
        description: Some("Expense, the first".parse().unwrap()),
        product_type: Some(Arc::new(product_type)),
    };
    let product = Arc::new(product);
    let requested =
        |id: &str, state, performed_on, (instant, automatic), amount: &str| SpendRequest {
            id: id.parse().unwrap(),
            number: format!("SR{id}").parse().unwrap(),
            state,
            performed_on,
            instant,
            automatic,
            amount: Some(amount.parse().unwrap()),
        };
    use PostingState::{Cancelled, Posted};
    PurchaseEvent {
        id: "380837B7B5AB4FFFBA5E4EFD08C287D4".parse().unwrap(),
        number: "11".parse().unwrap(),
        state: Posted,
        performed_on: datetime!(2016-07-21 07:15:02 UTC),
        description: Some("Two lines at the till".parse().unwrap()),
        reference_number: Some("T-11".parse().unwrap()),
        external_system: Some("TILL".parse().unwrap()),
        external_system_reference_number: Some("000042".parse().unwrap()),
        account: Arc::new(Account {
            id: "A50".parse().unwrap(),
            number: "ACR0000000050".parse().unwrap(),
            name: Some("Käse & Söhne".parse().unwrap()),
            state: AccountState::Active,
        }),
        rewards_participant: Some(Arc::new(RewardsParticipant {
            id: "29".parse().unwrap(),
            number: "RP29".parse().unwrap(),
        })),
        classification: Some(Arc::new(Classification {
            id: "C1".parse().unwrap(),
            name: "Shop".parse().unwrap(),
            alternative_code: Some("S".parse().unwrap()),
        })),
        performed_by: Some(Arc::new(Unit {
            id: "U1".parse().unwrap(),
            name: "Till 1".parse().unwrap(),
            group_name: Some("Tills".parse().unwrap()),
            community_name: None,
            alternative_code: Some("T1".parse().unwrap()),
            description: None,
        })),
        currency: Some(Arc::new(currency.clone())),
        rate_period: Some(Arc::new(RatePeriod {
            id: "C7D7ED57F21B47028144967E015DCBE5".parse().unwrap(),
            currency,
            rate: Some("2.3".parse().unwrap()),
            inverse_rate: Some("0.23000000417232513".parse().unwrap()),
            from_date: Some(date!(2016 - 07 - 01)),
            to_date: None,
        })),
        log: LogInformation {
            created: datetime!(2016-07-21 08:00:00 UTC),
            updated: Some(datetime!(2016-12-01 23:30:00 UTC)),
            created_by: Some(user("7", "ann")),
            updated_by: Some(user("8", "bob")),
        },
        lines: vec![
            PurchaseLine {
                id: "ED8CEC26AF2D4EAD9D5A02A4ED45DC32".parse().unwrap(),
                line: 1,
                product: Arc::clone(&product),
                quantity: Some("1".parse().unwrap()),
                net_amount: Some("10".parse().unwrap()),
                vat_amount: Some("0.02".parse().unwrap()),
                total_amount: Some("10.02".parse().unwrap()),
            },
            PurchaseLine {
                id: "L2".parse().unwrap(),
                line: 2,
                product,
                quantity: Some("2.5".parse().unwrap()),
                net_amount: Some("89.98".parse().unwrap()),
                vat_amount: None,
                total_amount: Some("89.98".parse().unwrap()),
            },
        ],
        spend_requests: vec![
            requested("1", Posted, datetime!(2016-07-21 07:15:02 UTC), (true, false), "5"),
            requested("2", Posted, datetime!(2016-07-22 10:00:00 UTC), (true, true), "1.25"),
            requested("3", Posted, datetime!(2016-07-23 10:00:00 UTC), (false, true), "2"),
            requested("4", Posted, datetime!(2016-07-24 10:00:00 UTC), (false, false), "0.5"),
            requested("5", Cancelled, datetime!(2016-07-25 10:00:00 UTC), (false, true), "100"),
        ],
    }
}

/// An event of which no more is known than must be.
pub(crate) fn bare() -> PurchaseEvent {
    PurchaseEvent {
        id: "E2".parse().unwrap(),
        number: "0012".parse().unwrap(),
        state: PostingState::Cancelled,
        performed_on: OffsetDateTime::UNIX_EPOCH,
        description: None,
        reference_number: None,
        external_system: None,
        external_system_reference_number: None,
        account: Arc::new(Account {
            id: "A1".parse().unwrap(),
            number: "1".parse().unwrap(),
            name: None,
            state: AccountState::Terminated,
        }),
        rewards_participant: None,
        classification: None,
        performed_by: None,
        currency: None,
        rate_period: None,
        log: LogInformation {
            created: OffsetDateTime::UNIX_EPOCH,
            updated: None,
            created_by: None,
            updated_by: None,
        },
        lines: vec![PurchaseLine {
            id: "L1".parse().unwrap(),
            line: 1,
            product: Arc::new(EventProduct {
                id: ProductId::new(1).unwrap(),
                code: "P".parse().unwrap(),
                alternative_code: None,
                description: None,
                product_type: None,
            }),
            quantity: None,
            net_amount: None,
            vat_amount: None,
            total_amount: None,
        }],
        spend_requests: Vec::new(),
    }
}
