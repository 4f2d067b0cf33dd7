//! The records that customers refer to: lists and single ones.

use actix_web::{HttpRequest, HttpResponse, get, web};
use serde_json::value::{RawValue, to_raw_value};
use tradebook_model::{
    Category, Contact, Currency, Organization, OrganizationId, PaymentType, RecordRef, Region,
    RegionId, Segmentation, ShortText, User,
};
use tradebook_store::{Page, ReferenceQuery, ReferenceSort, Role, Store, StoreError, Wildcard};
use tradebook_wire::valomnia::{
    CategoryBody, ContactBody, CurrencyBody, Href, Links, ListBody, Order, Paging, PaymentTypeBody,
    Record, RecordListRequest, RegionBody, RegionRef, SegmentationBody, UserBody, Version,
    collection, schema,
};

use super::TAG;
use super::call::{self, Call, answer};
use super::describe::{ListRefusals, ShowRefusals};
use super::form;
use super::reading::bytes;
use super::refusal::Refusal;
use super::view::contact_body;
use crate::AppState;

macro_rules! records {
    ($(
        $collection:ident: $kind:ident as $body:ident, written by $write:ident;
        $(#[$list_doc:meta])+ $list:ident $list_operation:tt at $list_path:tt $list_route:tt from $load:ident;
        $(#[$show_doc:meta])+ $show:ident $show_operation:tt at $show_path:tt $show_route:tt
            from $find:ident by $key:ident: $key_type:ty;
    )*) => {$(
        $(#[$list_doc])+
        #[utoipa::path(
            tag = TAG,
            path = $list_path,
            operation_id = $list_operation,
            params(schema::VersionPath, schema::RecordListQuery),
            responses(
                (status = 200, description = "The page.", body = inline(ListBody<$body<'static>>)),
                ListRefusals,
            ),
            security(("bearer" = []), ("session" = [])),
        )]
        #[get($list_route)]
        pub(super) async fn $list(http: HttpRequest, state: web::Data<AppState>) -> HttpResponse {
            answer(http, state, Role::Read, async |call: &Call<'_>| {
                list(call, collection::$collection, Store::$load, $write).await
            })
            .await
        }

        $(#[$show_doc])+
        #[utoipa::path(
            tag = TAG,
            path = $show_path,
            operation_id = $show_operation,
            params(schema::VersionPath, ("id" = $key_type, Path, description = "Which one.")),
            responses(
                (status = 200, description = "The record.", body = $body<'static>),
                ShowRefusals,
            ),
            security(("bearer" = []), ("session" = [])),
        )]
        #[get($show_route)]
        pub(super) async fn $show(http: HttpRequest, state: web::Data<AppState>) -> HttpResponse {
            answer(http, state, Role::Read, async |call: &Call<'_>| {
                show(call, Record::$kind, call.$key()?, Store::$find, $write).await
            })
            .await
        }
    )*};
}

records! {
    CATEGORIES: Category as CategoryBody, written by category;
    /// The customer categories.
    list_customer_categories "list_customer_categories" at "/api/{version}/customerCategories" r"/api/{version:v1\.0|v2\.0|v2\.1}/customerCategories" from list_categories;
    /// A customer category, by its id.
    show_customer_category "show_customer_category" at "/api/{version}/customerCategories/{id}" r"/api/{version:v1\.0|v2\.0|v2\.1}/customerCategories/{id}"
        from show_category by id: i64;

    SEGMENTATIONS: Segmentation as SegmentationBody, written by segmentation;
    /// The customer segmentations.
    list_customer_segmentations "list_customer_segmentations" at "/api/{version}/customerSegmentations" r"/api/{version:v1\.0|v2\.0|v2\.1}/customerSegmentations" from list_segmentations;
    /// A customer segmentation, by its id.
    show_customer_segmentation "show_customer_segmentation" at "/api/{version}/customerSegmentations/{id}" r"/api/{version:v1\.0|v2\.0|v2\.1}/customerSegmentations/{id}"
        from show_segmentation by id: i64;

    PAYMENT_TYPES: PaymentType as PaymentTypeBody, written by payment_type;
    /// The payment types.
    list_payment_types "list_payment_types" at "/api/{version}/paymentTypes" r"/api/{version:v1\.0|v2\.0|v2\.1}/paymentTypes" from list_payment_types;
    /// A payment type, by its id.
    show_payment_type "show_payment_type" at "/api/{version}/paymentTypes/{id}" r"/api/{version:v1\.0|v2\.0|v2\.1}/paymentTypes/{id}"
        from show_payment_type by id: i64;

    REGIONS: Region as RegionBody, written by region;
    /// The regions. They have no reference: `reference` filters and sorts by name too.
    list_regions "list_regions" at "/api/{version}/regions" r"/api/{version:v1\.0|v2\.0|v2\.1}/regions" from list_regions;
    /// A region, by its id.
    show_region "show_region" at "/api/{version}/regions/{id}" r"/api/{version:v1\.0|v2\.0|v2\.1}/regions/{id}"
        from show_region by id: i64;

    USERS: User as UserBody, written by user;
    /// The users.
    list_users "list_users" at "/api/{version}/users" r"/api/{version:v1\.0|v2\.0|v2\.1}/users" from list_users;
    /// A user, by its id.
    show_user "show_user" at "/api/{version}/users/{id}" r"/api/{version:v1\.0|v2\.0|v2\.1}/users/{id}"
        from show_user by id: i64;

    CURRENCIES: Currency as CurrencyBody, written by currency;
    /// The configured currencies. Their code is their id and their reference.
    list_currencies "list_currencies" at "/api/{version}/currencies" r"/api/{version:v1\.0|v2\.0|v2\.1}/currencies" from list_currencies;
    /// A configured currency, by its code.
    show_currency "show_currency" at "/api/{version}/currencies/{id}" r"/api/{version:v1\.0|v2\.0|v2\.1}/currencies/{id}"
        from show_currency by code: String;

    CONTACTS: Contact as ContactBody, written by contact;
    /// The contacts of all customers. They have no reference.
    list_contacts "list_contacts" at "/api/{version}/contacts" r"/api/{version:v1\.0|v2\.0|v2\.1}/contacts" from list_contacts;
    /// A contact, by its id.
    show_contact "show_contact" at "/api/{version}/contacts/{id}" r"/api/{version:v1\.0|v2\.0|v2\.1}/contacts/{id}"
        from show_contact by id: i64;
}

/// A record's body, written.
type Written = serde_json::Result<Box<RawValue>>;

async fn list<R: Send + 'static>(
    call: &Call<'_>,
    collection: &'static str,
    load: fn(&Store, OrganizationId, &ReferenceQuery) -> Result<Page<R>, StoreError>,
    write: fn(&R, &Context) -> Written,
) -> Result<HttpResponse, Refusal> {
    let sort = |name: &str| match name {
        "id" => Some(ReferenceSort::Id),
        "reference" => Some(ReferenceSort::Reference),
        "name" => Some(ReferenceSort::Name),
        _ => None,
    };
    let query = form::query(call.http);
    let request = RecordListRequest::read(&query, "id", |name| sort(name).is_some())?;
    let wildcard = |text: &Option<String>| text.as_deref().map(Wildcard::new);
    let query = ReferenceQuery {
        reference: wildcard(&request.reference),
        name: wildcard(&request.name),
        sort: sort(&request.sort).unwrap_or_default(),
        descending: request.order == Order::Descending,
        offset: u64::try_from(request.page.offset).unwrap_or_default(),
        max: request.page.max,
    };
    let (version, organization) = (call.version, call.organization);
    let body = call
        .with_store(move |store| {
            let page = load(store, organization, &query)?;
            let context = Context::read(store, version, organization)?;
            let RecordListRequest { page: place, sort, order, filters, .. } = &request;
            let links = Links { version, collection, sort, order: *order, filters };
            let total = i64::try_from(page.total).unwrap_or(i64::MAX);
            let paging = Paging::new(total, *place, &links);
            let data: serde_json::Result<Vec<_>> =
                page.records.iter().map(|record| write(record, &context)).collect();
            Ok::<_, StoreError>(
                data.and_then(|data| serde_json::to_vec(&ListBody { paging, data })),
            )
        })
        .await?;
    bytes(body)
}

async fn show<R: Send + 'static>(
    call: &Call<'_>,
    kind: Record,
    key: RecordRef,
    find: fn(&Store, OrganizationId, &RecordRef) -> Result<Option<R>, StoreError>,
    write: fn(&R, &Context) -> Written,
) -> Result<HttpResponse, Refusal> {
    let (version, organization) = (call.version, call.organization);
    let wanted = key.clone();
    let body = call
        .with_store(move |store| {
            let Some(record) = find(store, organization, &key)? else { return Ok(None) };
            let context = Context::read(store, version, organization)?;
            let body = write(&record, &context);
            Ok::<_, StoreError>(Some(body.map(|body| body.get().as_bytes().to_vec())))
        })
        .await?;
    bytes(body.ok_or_else(|| Refusal::not_found(kind, &wanted))?)
}

/// What bodies of these records show beyond the record.
struct Context {
    version: Version,
    organization: Organization,
    /// All categories and regions, to name those above others.
    categories: Vec<Category>,
    regions: Vec<Region>,
}

impl Context {
    fn read(
        store: &Store,
        version: Version,
        organization: OrganizationId,
    ) -> Result<Self, StoreError> {
        let all = ReferenceQuery { max: u32::MAX, ..ReferenceQuery::default() };
        Ok(Self {
            version,
            organization: call::organization(store, organization)?,
            categories: store.list_categories(organization, &all)?.records,
            regions: store.list_regions(organization, &all)?.records,
        })
    }

    fn organization(&self) -> &str {
        self.organization.name.as_str()
    }

    fn region(&self, id: Option<RegionId>) -> Option<&Region> {
        let id = id?;
        self.regions.iter().find(|region| region.id == id)
    }
}

fn text(text: &Option<ShortText>) -> Option<&str> {
    text.as_ref().map(ShortText::as_str)
}

fn category(category: &Category, context: &Context) -> Written {
    let Category { id, reference, name, parent } = category;
    let above = context.categories.iter().find(|known| Some(known.id) == *parent);
    to_raw_value(&CategoryBody {
        id: id.get(),
        reference: reference.as_str(),
        name: text(name),
        is_root: parent.is_none(),
        parent_reference: above.map(|above| above.reference.as_str()),
        organization: context.organization(),
    })
}

fn segmentation(segmentation: &Segmentation, context: &Context) -> Written {
    let Segmentation { id, reference, name } = segmentation;
    to_raw_value(&SegmentationBody {
        id: id.get(),
        reference: reference.as_str(),
        name: text(name),
        organization: context.organization(),
    })
}

fn payment_type(payment_type: &PaymentType, context: &Context) -> Written {
    let PaymentType { id, reference, name } = payment_type;
    to_raw_value(&PaymentTypeBody {
        id: id.get(),
        reference: reference.as_str(),
        name: text(name),
        organization: context.organization(),
    })
}

fn region(region: &Region, context: &Context) -> Written {
    let Region { id, name, parent } = region;
    let mut level = 1;
    let mut above = context.region(*parent);
    // There are no cycles; the bound keeps a damaged table from being walked for ever.
    while let Some(region) = above
        && level < 100
    {
        level += 1;
        above = context.region(region.parent);
    }
    to_raw_value(&RegionBody {
        id: id.get(),
        name: name.as_str(),
        level,
        parent: context.region(*parent).map(|parent| RegionRef {
            id: parent.id.get(),
            name: parent.name.as_str(),
            href: Href {
                version: context.version,
                collection: collection::REGIONS,
                id: parent.id.get(),
            },
        }),
        organization: context.organization(),
    })
}

fn user(user: &User, context: &Context) -> Written {
    // The name to sign in with is between a user and the administrator.
    let User { id, reference, username: _, name, email } = user;
    to_raw_value(&UserBody {
        id: id.get(),
        reference: reference.as_str(),
        name: text(name),
        email: text(email),
        employee_reference: reference.as_str(),
        organization: context.organization(),
    })
}

fn currency(currency: &Currency, context: &Context) -> Written {
    let Currency { code, name, exchange_rate, prefix_symbol, suffix_symbol } = currency;
    to_raw_value(&CurrencyBody {
        code: code.as_str(),
        name: text(name),
        exchange_rate: *exchange_rate,
        prefix_symbol: text(prefix_symbol),
        suffix_symbol: text(suffix_symbol),
        is_default: *code == context.organization.settings.currency,
        organization: context.organization(),
    })
}

fn contact(contact: &Contact, context: &Context) -> Written {
    to_raw_value(&contact_body(context.version, contact))
}
