//! Random purchases, in the database and in memory.

use tradebook_model::{
    Account, AccountState, Classification, CustomerId, DocumentNumber, OffsetDateTime, OpaqueId,
    OrganizationId, PostingState, ProductId, RewardsParticipant, SpendRequest,
};

use crate::events::spend_request_id;
use crate::import::{
    AccountRecord, ClassificationRecord, Ending, Extent, InternalId, ParticipantRecord, Purchase,
    PurchaseLineRecord, SpendRequestRecord,
};
use crate::tests::fixture::{customer, put_customer, put_product, write};
use crate::{Store, StoreError};

/// Numbers that look random and are the same in every run of a seed.
pub(super) struct Random(u64);

impl Random {
    /// A seed of the environment, or always the same one.
    pub(super) fn new() -> Self {
        let seed = std::env::var("TRADEBOOK_TEST_SEED").ok().and_then(|seed| seed.parse().ok());
        let seed = seed.unwrap_or(20_240_531);
        eprintln!("TRADEBOOK_TEST_SEED={seed}");
        Self(seed | 1)
    }

    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % end
    }

    pub(super) fn one_in(&mut self, many: u64) -> bool {
        self.below(many) == 0
    }

    pub(super) fn maybe<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.one_in(2).then(|| make(self))
    }
}

pub(super) const ACCOUNTS: i32 = 4;
pub(super) const CLASSIFICATIONS: i32 = 2;

pub(super) fn day(days: u64) -> OffsetDateTime {
    time::macros::datetime!(2024-03-25 00:00 UTC) + time::Duration::hours(6 * days.cast_signed())
}

/// What is known of an event without the database.
pub(super) struct Known {
    pub(super) purchase: Purchase,
    pub(super) requests: Vec<SpendRequest>,
    pub(super) lines: usize,
}

pub(super) fn id(number: i32) -> InternalId {
    InternalId::new(number).unwrap()
}

fn text(prefix: &str, number: impl std::fmt::Display) -> OpaqueId {
    format!("{prefix}{number}").parse().unwrap()
}

/// Accounts, classifications, participants and a product.
pub(super) fn put_accounts(store: &Store, org: OrganizationId) {
    write(store, org, |c, _| {
        put_customer(c, org, &customer(1, "C"));
        put_product(c, org, 1, "P");
    });
    let accounts: Vec<AccountRecord> = (1..=ACCOUNTS)
        .map(|number| AccountRecord {
            key: id(number),
            account: Account {
                id: text("A", number),
                number: format!("ACR{number}").parse().unwrap(),
                // The first two share their name.
                name: Some(format!("Account {}", number.max(2)).parse().unwrap()),
                state: AccountState::Active,
            },
            customer: CustomerId::new(1).unwrap(),
        })
        .collect();
    let classifications: Vec<ClassificationRecord> = (1..=CLASSIFICATIONS)
        .map(|number| ClassificationRecord {
            key: id(number),
            classification: Classification {
                id: text("C", number),
                name: format!("Class {number}").parse().unwrap(),
                alternative_code: Some("shared".parse().unwrap()),
            },
        })
        .collect();
    let participants =
        [(1, "30", 1), (2, "3", 1), (3, "x", 2)].map(|(number, name, account)| ParticipantRecord {
            participant: RewardsParticipant {
                id: tradebook_model::ParticipantId::new(number).unwrap(),
                number: name.parse().unwrap(),
            },
            account: id(account),
        });
    store
        .import(org, AT_ONCE, |import| {
            import.put(&placed(&accounts))?;
            import.put(&placed(&classifications))?;
            import.put(&placed(&participants))?;
            Ok::<_, StoreError>(Ending::Apply(()))
        })
        .unwrap();
}

const AT_ONCE: Extent = Extent { bytes: 0, changes_shared_records: true };

fn placed<T>(records: &[T]) -> Vec<(&T, u32)> {
    records.iter().zip(1..).collect()
}

/// Random events, few moments apart, so that many stand at the bounds of filters.
pub(super) fn put_events(
    store: &Store,
    org: OrganizationId,
    count: u64,
    random: &mut Random,
) -> Vec<Known> {
    let mut known: Vec<Known> = (1..=count)
        .map(|index| {
            // Text and number sort differently.
            let number: DocumentNumber = match index % 3 {
                0 => format!("é{index}"),
                1 => format!("a{index}"),
                _ => index.to_string(),
            }
            .parse()
            .unwrap();
            let account = i32::try_from(random.below(3)).unwrap() + 1;
            let purchase = Purchase {
                key: Some(index.cast_signed()),
                id: text("E", index),
                number: number.clone(),
                account: id(account),
                classification: random
                    .maybe(|random| id(i32::try_from(random.below(2)).unwrap() + 1)),
                performed_on: day(random.below(24)),
                created: day(random.below(24)),
                updated: None,
                created_by: None,
                updated_by: None,
                state: PostingState::Posted,
                unit: None,
                rate_period: None,
                currency: None,
                description: None,
                reference_number: None,
                external_system: None,
                external_system_reference_number: None,
            };
            let requests = (0..random.below(3)).filter_map(|place| {
                let number: DocumentNumber = format!("S{index}-{place}").parse().unwrap();
                random.maybe(|random| SpendRequest {
                    id: spend_request_id(&number).unwrap(),
                    number,
                    state: if random.one_in(2) {
                        PostingState::Posted
                    } else {
                        PostingState::Cancelled
                    },
                    performed_on: day(random.below(24)),
                    instant: random.one_in(2),
                    automatic: random.one_in(3),
                    amount: None,
                })
            });
            let mut requests: Vec<SpendRequest> = requests.collect();
            requests.sort_by(|a, b| {
                (a.performed_on, a.number.as_str()).cmp(&(b.performed_on, b.number.as_str()))
            });
            Known { purchase, requests, lines: usize::try_from(random.below(3)).unwrap() }
        })
        .collect();
    let lines: Vec<PurchaseLineRecord> = known
        .iter()
        .flat_map(|known| {
            (0..known.lines).map(|line| PurchaseLineRecord {
                event: known.purchase.key.unwrap(),
                line: i32::try_from(line).unwrap(),
                id: None,
                product: ProductId::new(1).unwrap(),
                quantity: None,
                net_amount: None,
                vat_amount: None,
                total_amount: None,
            })
        })
        .collect();
    let requests: Vec<SpendRequestRecord> = known
        .iter()
        .flat_map(|known| {
            known.requests.iter().map(|request| SpendRequestRecord {
                number: request.number.clone(),
                event: known.purchase.key.unwrap(),
                performed_on: request.performed_on,
                state: request.state,
                instant: request.instant,
                automatic: request.automatic,
                amount: request.amount,
            })
        })
        .collect();
    store
        .import(org, AT_ONCE, |import| {
            let purchases: Vec<_> = known.iter().map(|known| &known.purchase).zip(1..).collect();
            import.put(&purchases)?;
            import.put(&placed(&lines))?;
            import.put(&placed(&requests))?;
            Ok::<_, StoreError>(Ending::Apply(()))
        })
        .unwrap();
    known.sort_by(|a, b| {
        let key = |known: &Known| (known.purchase.performed_on, known.purchase.number.to_string());
        key(a).cmp(&key(b))
    });
    known
}
