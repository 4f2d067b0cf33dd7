//! Records as rows of files: ids become codes.

use std::collections::HashMap;
use std::str::FromStr;

use tradebook_model::{
    AgreedPrice, Barcodes, BulkRule, Category, Contact, Currency, Customer, CustomerId,
    CustomerPartNumber, CustomerProfile, ModelError, PaymentType, Place, Price, PriceList,
    PriceListId, Product, Region, Segmentation, SignedQuantity, Terms, User,
};
use tradebook_store::StoreError;
use tradebook_store::export::Export;
use tradebook_store::import::{Coded, Document, DocumentClass, DocumentHead, DocumentLine};
use tradebook_wire::csv::{
    AgreedPriceRow, CategoryRow, Column, ContactRow, CurrencyRow, CustomerPartNumberRow,
    CustomerRow, Day, InvoiceLineRow, OrderLineRow, PaymentTypeRow, PriceListRow, PriceRow,
    ProductRow, RegionRow, SegmentationRow, UserRow,
};

/// The codes of all records that others refer to.
pub(super) struct Codes {
    by_id: HashMap<Coded, HashMap<i32, Box<str>>>,
    customer_ids: Vec<i32>,
    list_ids: Vec<i32>,
}

impl Codes {
    pub(super) fn load(export: &mut Export<'_>) -> Result<Self, StoreError> {
        let mut codes =
            Self { by_id: HashMap::new(), customer_ids: Vec::new(), list_ids: Vec::new() };
        for coded in [
            Coded::Products,
            Coded::PriceLists,
            Coded::Categories,
            Coded::Segmentations,
            Coded::PaymentTypes,
            Coded::Regions,
            Coded::Users,
            Coded::Customers,
            Coded::Accounts,
            Coded::Classifications,
            Coded::Units,
            Coded::RatePeriods,
        ] {
            let pairs = export.codes(coded)?;
            match coded {
                Coded::Customers => {
                    codes.customer_ids = pairs.iter().map(|(_, id)| *id).collect();
                }
                Coded::PriceLists => codes.list_ids = pairs.iter().map(|(_, id)| *id).collect(),
                _ => {}
            }
            let by_id = pairs.into_iter().map(|(code, id)| (id, code.into())).collect();
            codes.by_id.insert(coded, by_id);
        }
        Ok(codes)
    }

    /// The ids of the price lists, in the order of their codes.
    pub(super) fn lists_in_order(&self) -> Result<Vec<PriceListId>, StoreError> {
        self.list_ids.iter().map(|number| id(PriceListId::new(*number))).collect()
    }

    /// The ids of the customers, in the order of their references.
    pub(super) fn customers_in_order(&self) -> Result<Vec<CustomerId>, StoreError> {
        self.customer_ids.iter().map(|number| id(CustomerId::new(*number))).collect()
    }

    /// The code of a record.
    pub(super) fn text(&self, coded: Coded, id: i32) -> Option<&str> {
        self.by_id.get(&coded)?.get(&id).map(AsRef::as_ref)
    }

    pub(super) fn code<T: FromStr<Err = ModelError>>(
        &self,
        coded: Coded,
        id: i32,
    ) -> Result<T, StoreError> {
        // References are kept whole by the database; a code that is gone nevertheless reads as an empty one, which is refused.
        self.text(coded, id).unwrap_or_default().parse().map_err(damaged)
    }

    pub(super) fn optional<T: FromStr<Err = ModelError>>(
        &self,
        coded: Coded,
        id: Option<i32>,
    ) -> Result<Column<T>, StoreError> {
        Ok(Column::of(id.map(|id| self.code(coded, id)).transpose()?))
    }
}

/// An id out of the database.
pub(super) fn id<T>(id: Result<T, ModelError>) -> Result<T, StoreError> {
    id.map_err(damaged)
}

pub(super) fn damaged(error: ModelError) -> StoreError {
    StoreError::Corrupt { what: "a reference between records".to_owned(), source: Some(error) }
}

pub(super) fn currency(record: Currency, _codes: &Codes) -> Result<CurrencyRow, StoreError> {
    let Currency { code, name, exchange_rate, prefix_symbol, suffix_symbol } = record;
    Ok(CurrencyRow {
        code,
        name: Column::of(name),
        exchange_rate: Column::of(exchange_rate),
        prefix_symbol: Column::of(prefix_symbol),
        suffix_symbol: Column::of(suffix_symbol),
    })
}

pub(super) fn product(record: Product, _codes: &Codes) -> Result<ProductRow, StoreError> {
    let Product {
        id,
        code,
        description,
        status,
        barcodes: Barcodes { item, inner, outer, epos },
        cost,
        vat_rate,
        available,
        next_available,
        product_type,
        alternative_code,
    } = record;
    Ok(ProductRow {
        code,
        id: Column::Given(id),
        description: Column::of(description),
        status: Column::Given(status),
        barcode: Column::of(item),
        inner_barcode: Column::of(inner),
        outer_barcode: Column::of(outer),
        epos_barcode: Column::of(epos),
        cost: Column::of(cost),
        vat_rate: Column::of(vat_rate),
        available: Column::Given(SignedQuantity::new(available)),
        next_available: Column::of(next_available),
        product_type: Column::of(product_type),
        alternative_code: Column::of(alternative_code),
    })
}

pub(super) fn price_list(record: PriceList, codes: &Codes) -> Result<PriceListRow, StoreError> {
    let PriceList {
        id,
        code,
        description,
        currency,
        list_type,
        source,
        vat_inc,
        derivation,
        rounding,
        ending,
        decimals,
        validity,
    } = record;
    let base = derivation.map(|derivation| derivation.base.get());
    Ok(PriceListRow {
        code,
        id: Column::Given(id),
        description: Column::of(description),
        currency,
        list_type: Column::Given(list_type),
        source: Column::Given(source),
        vat_inc: Column::Given(vat_inc),
        base: codes.optional(Coded::PriceLists, base)?,
        percent: Column::of(derivation.map(|derivation| derivation.percent)),
        rounding: Column::of(rounding),
        ending: Column::of(ending),
        decimals: Column::of(decimals),
        valid_from: Column::of(validity.from()),
        valid_to: Column::of(validity.to()),
    })
}

pub(super) fn price(
    record: tradebook_model::PriceRow,
    codes: &Codes,
) -> Result<PriceRow, StoreError> {
    let tradebook_model::PriceRow { list, product, quantity, price, validity } = record;
    let (price, poa) = match price {
        Price::Amount(amount) => (Column::Given(amount), false),
        Price::OnApplication => (Column::Empty, true),
    };
    Ok(PriceRow {
        price_list: codes.code(Coded::PriceLists, list.get())?,
        product: codes.code(Coded::Products, product.get())?,
        quantity: Some(quantity),
        price,
        poa: Column::Given(poa),
        valid_from: validity.from(),
        valid_to: Column::of(validity.to()),
    })
}

pub(super) fn category(record: Category, codes: &Codes) -> Result<CategoryRow, StoreError> {
    let Category { id, reference, name, parent } = record;
    Ok(CategoryRow {
        reference,
        id: Column::Given(id),
        name: Column::of(name),
        parent: codes.optional(Coded::Categories, parent.map(|id| id.get()))?,
    })
}

pub(super) fn segmentation(
    record: Segmentation,
    _codes: &Codes,
) -> Result<SegmentationRow, StoreError> {
    let Segmentation { id, reference, name } = record;
    Ok(SegmentationRow { reference, id: Column::Given(id), name: Column::of(name) })
}

pub(super) fn payment_type(
    record: PaymentType,
    _codes: &Codes,
) -> Result<PaymentTypeRow, StoreError> {
    let PaymentType { id, reference, name } = record;
    Ok(PaymentTypeRow { reference, id: Column::Given(id), name: Column::of(name) })
}

pub(super) fn region(record: Region, codes: &Codes) -> Result<RegionRow, StoreError> {
    let Region { id, name, parent } = record;
    let parent = codes.optional(Coded::Regions, parent.map(|id| id.get()))?;
    Ok(RegionRow { name, id: Column::Given(id), parent })
}

pub(super) fn user(record: User, _codes: &Codes) -> Result<UserRow, StoreError> {
    let User { id, reference, username, name, email } = record;
    Ok(UserRow {
        reference,
        id: Column::Given(id),
        username: Column::of(username),
        name: Column::of(name),
        email: Column::of(email),
    })
}

pub(super) fn customer(record: Customer, codes: &Codes) -> Result<CustomerRow, StoreError> {
    let Customer { id, reference, name, currency, terms, profile } = record;
    let Terms { standard_list, group_list, normal_discount, markup_on_cost, bulk, promotions } =
        terms;
    let CustomerProfile {
        reference2,
        category,
        is_sub_customer,
        parent,
        bill_with_parent,
        segmentation,
        email,
        phone,
        mobile,
        fax,
        comment,
        barcode,
        is_same_address,
        billing,
        shipping,
        credit_limit,
        is_active,
        on_hold,
        on_hold_reason,
        user,
        due_date_config_number,
        due_date_config_type,
        payment_types,
        website,
        tax_number,
        company_registration_number,
        customer_risk,
        customer_risk_color,
        region,
    } = profile;
    let Place {
        country: billing_country,
        city: billing_city,
        postal_code: billing_postal_code,
        address: billing_address,
        latitude: billing_lat,
        longitude: billing_lng,
    } = billing;
    let Place { country, city, postal_code, address, latitude, longitude } = shipping;
    let payment_types = payment_types
        .iter()
        .map(|id| codes.code(Coded::PaymentTypes, id.get()))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(CustomerRow {
        reference,
        id: Column::Given(id),
        name: Column::Given(name),
        reference2: Column::of(reference2),
        category: codes.optional(Coded::Categories, category.map(|id| id.get()))?,
        is_sub_customer: Column::Given(is_sub_customer),
        parent: codes.optional(Coded::Customers, parent.map(|id| id.get()))?,
        bill_with_parent: Column::Given(bill_with_parent),
        segmentation: codes.optional(Coded::Segmentations, segmentation.map(|id| id.get()))?,
        email: Column::of(email),
        phone: Column::of(phone),
        mobile: Column::of(mobile),
        fax: Column::of(fax),
        comment: Column::of(comment),
        barcode: Column::of(barcode),
        is_same_address: Column::Given(is_same_address),
        billing_country: Column::of(billing_country),
        billing_city: Column::of(billing_city),
        billing_postal_code: Column::of(billing_postal_code),
        billing_address: Column::of(billing_address),
        billing_lat: Column::of(billing_lat),
        billing_lng: Column::of(billing_lng),
        country: Column::of(country),
        city: Column::of(city),
        postal_code: Column::of(postal_code),
        address: Column::of(address),
        latitude: Column::of(latitude),
        longitude: Column::of(longitude),
        credit_limit: Column::of(credit_limit),
        is_active: Column::Given(is_active),
        on_hold: Column::Given(on_hold),
        on_hold_reason: Column::of(on_hold_reason),
        user: codes.optional(Coded::Users, user.map(|id| id.get()))?,
        due_date_config_number: Column::of(due_date_config_number),
        due_date_config_type: Column::of(due_date_config_type),
        payment_types: Column::of(Some(payment_types).filter(|all| !all.is_empty())),
        website: Column::of(website),
        tax_number: Column::of(tax_number),
        company_registration_number: Column::of(company_registration_number),
        customer_risk: Column::of(customer_risk),
        customer_risk_color: Column::of(customer_risk_color),
        region: codes.optional(Coded::Regions, region.map(|id| id.get()))?,
        currency: Column::Given(currency),
        standard_price_list: codes.optional(Coded::PriceLists, standard_list.map(|id| id.get()))?,
        group_price_list: codes.optional(Coded::PriceLists, group_list.map(|id| id.get()))?,
        normal_discount: Column::of(normal_discount),
        markup_on_cost: Column::of(markup_on_cost),
        always_gets_bulk: Column::Given(bulk == BulkRule::Always),
        never_gets_bulk: Column::Given(bulk == BulkRule::Never),
        promotions: Column::Given(promotions),
    })
}

pub(super) fn contact(record: Contact, codes: &Codes) -> Result<ContactRow, StoreError> {
    let Contact {
        id,
        reference,
        customer,
        first_name,
        last_name,
        phone,
        phone2,
        mobile,
        fax,
        email,
        job,
        address,
        city,
        country,
        postal_code,
        comment,
    } = record;
    Ok(ContactRow {
        reference,
        id: Column::Given(id),
        customer: codes.code(Coded::Customers, customer.get())?,
        first_name: Column::of(first_name),
        last_name: Column::of(last_name),
        phone: Column::of(phone),
        phone2: Column::of(phone2),
        mobile: Column::of(mobile),
        fax: Column::of(fax),
        email: Column::of(email),
        job: Column::of(job),
        address: Column::of(address),
        city: Column::of(city),
        country: Column::of(country),
        postal_code: Column::of(postal_code),
        comment: Column::of(comment),
    })
}

pub(super) fn agreed_price(
    record: AgreedPrice,
    codes: &Codes,
) -> Result<AgreedPriceRow, StoreError> {
    let AgreedPrice { customer, product, price, validity } = record;
    Ok(AgreedPriceRow {
        customer: codes.code(Coded::Customers, customer.get())?,
        product: codes.code(Coded::Products, product.get())?,
        price,
        valid_from: validity.from(),
        valid_to: Column::of(validity.to()),
    })
}

pub(super) fn part_number(
    record: CustomerPartNumber,
    codes: &Codes,
) -> Result<CustomerPartNumberRow, StoreError> {
    let CustomerPartNumber { customer, product, part_number } = record;
    Ok(CustomerPartNumberRow {
        customer: codes.code(Coded::Customers, customer.get())?,
        product: codes.code(Coded::Products, product.get())?,
        part_number,
    })
}

pub(super) fn order_line(
    document: &Document,
    record: DocumentLine,
    codes: &Codes,
) -> Result<OrderLineRow, StoreError> {
    let Document { id: _, number, head: DocumentHead { class, customer, date, currency } } =
        document;
    let DocumentLine { document: _, line, product, quantity, unit_price } = record;
    let (kind, status) = match class {
        DocumentClass::Order(kind, status) => (Column::Given(*kind), Column::Given(*status)),
        DocumentClass::Invoice(_) => (Column::Empty, Column::Empty),
    };
    Ok(OrderLineRow {
        order: number.clone(),
        line,
        kind,
        customer: codes.code(Coded::Customers, customer.get())?,
        created: Day::Date(*date),
        status,
        currency: Column::of(*currency),
        product: codes.code(Coded::Products, product.get())?,
        quantity,
        unit_price: Column::of(unit_price),
    })
}

pub(super) fn invoice_line(
    document: &Document,
    record: DocumentLine,
    codes: &Codes,
) -> Result<InvoiceLineRow, StoreError> {
    let Document { id: _, number, head: DocumentHead { class, customer, date, currency } } =
        document;
    let DocumentLine { document: _, line, product, quantity, unit_price } = record;
    let kind = match class {
        DocumentClass::Invoice(kind) => Column::Given(*kind),
        DocumentClass::Order(..) => Column::Empty,
    };
    Ok(InvoiceLineRow {
        invoice: number.clone(),
        line,
        kind,
        customer: codes.code(Coded::Customers, customer.get())?,
        tax_point: *date,
        currency: Column::of(*currency),
        product: codes.code(Coded::Products, product.get())?,
        quantity,
        unit_price: Column::of(unit_price),
    })
}
