//! What the OpenAPI document says of forms.

use utoipa::ToSchema;

macro_rules! form {
    ($(#[$doc:meta])+ $name:ident { $($(#[$own:meta])* $own_field:ident: $own_type:ty,)* }) => {
        $(#[$doc])+
        #[derive(ToSchema)]
        #[expect(missing_docs, non_snake_case, reason = "a description of form fields, never built")]
        pub struct $name {
            $($(#[$own])* pub $own_field: $own_type,)*
            #[schema(nullable = false, max_length = 255)]
            pub reference2: Option<String>,
            #[schema(nullable = false, max_length = 255)]
            pub barcode: Option<String>,
            /// By default true.
            #[schema(nullable = false)]
            pub isActive: Option<bool>,
            /// Id of the customer category; by default the root category's.
            #[schema(example = "")]
            #[schema(nullable = false)]
            pub categoryId: Option<String>,
            /// By default true where a `parentCustomer` is given, else false.
            #[schema(nullable = false, example = false)]
            pub isSubCustomer: Option<bool>,
            /// Id of the parent customer; required where `isSubCustomer` is true.
            #[schema(example = "")]
            #[schema(nullable = false)]
            pub parentCustomer: Option<String>,
            /// By default false.
            #[schema(nullable = false, example = false)]
            pub billWithParent: Option<bool>,
            /// Id of the customer segmentation.
            #[schema(example = "")]
            #[schema(nullable = false)]
            pub customerSegmentationId: Option<String>,
            /// Id of the user who created the customer; by default the caller's.
            #[schema(example = "")]
            #[schema(nullable = false)]
            pub userId: Option<String>,
            /// Whether goods go to the billing address; by default true.
            #[schema(nullable = false)]
            pub isSameAddress: Option<bool>,
            /// ISO 3166 code or name of a country.
            #[schema(example = "France")]
            #[schema(nullable = false, max_length = 255)]
            pub billingCountry: Option<String>,
            #[schema(nullable = false, max_length = 255)]
            pub billingCity: Option<String>,
            #[schema(nullable = false, max_length = 255)]
            pub billingPostalCode: Option<String>,
            #[schema(nullable = false, max_length = 1000)]
            pub billingAddress: Option<String>,
            #[schema(nullable = false, minimum = -90.0, maximum = 90.0)]
            pub billingLat: Option<f64>,
            #[schema(nullable = false, minimum = -180.0, maximum = 180.0)]
            pub billingLng: Option<f64>,
            /// ISO 3166 code or name of a country.
            #[schema(example = "FR")]
            #[schema(nullable = false, max_length = 255)]
            pub country: Option<String>,
            #[schema(nullable = false, max_length = 255)]
            pub city: Option<String>,
            #[schema(nullable = false, max_length = 255)]
            pub postalCode: Option<String>,
            #[schema(nullable = false, max_length = 1000)]
            pub address: Option<String>,
            #[schema(nullable = false, minimum = -90.0, maximum = 90.0)]
            pub latitude: Option<f64>,
            #[schema(nullable = false, minimum = -180.0, maximum = 180.0)]
            pub longitude: Option<f64>,
            #[schema(nullable = false, max_length = 255)]
            pub email: Option<String>,
            #[schema(nullable = false, max_length = 255)]
            pub phone: Option<String>,
            #[schema(nullable = false, max_length = 255)]
            pub mobile: Option<String>,
            #[schema(nullable = false, max_length = 255)]
            pub fax: Option<String>,
            #[schema(nullable = false, max_length = 10000)]
            pub comment: Option<String>,
            #[schema(nullable = false, max_length = 255)]
            pub website: Option<String>,
            #[schema(nullable = false)]
            pub creditLimit: Option<f64>,
            /// Days until payment; required where `dueDateConfigType` is given.
            #[schema(example = 30)]
            #[schema(nullable = false, minimum = 0, maximum = 10000)]
            pub dueDateConfigNumber: Option<i32>,
            /// `1`: after the invoice date, `2`: after the end of the invoice month.
            #[schema(example = "1")]
            #[schema(nullable = false)]
            pub dueDateConfigType: Option<String>,
            #[schema(nullable = false, max_length = 255)]
            pub taxNumber: Option<String>,
            #[schema(nullable = false, max_length = 255)]
            pub companyRegistrationNumber: Option<String>,
            /// ISO 4217 code of a configured currency; by default the organization's.
            #[schema(example = "")]
            #[schema(nullable = false)]
            pub currency: Option<String>,
            /// A list of payment types' ids: `[{"id"=7},{"id"=8}]`, also with `:`.
            #[schema(example = "[]")]
            #[schema(nullable = false)]
            pub paymentTypes: Option<String>,
            /// Id of a region, where the organization has geographical locations.
            #[schema(example = "")]
            #[schema(nullable = false)]
            pub regionId: Option<String>,
            #[schema(nullable = false, max_length = 255)]
            pub customerRisk: Option<String>,
            #[schema(example = "#1BE9D8")]
            #[schema(nullable = false, max_length = 20)]
            pub customerRiskColor: Option<String>,
            /// By default false.
            #[schema(nullable = false, example = false)]
            pub onHold: Option<bool>,
            #[schema(nullable = false, max_length = 255)]
            pub onHoldReason: Option<String>,
            /// Whether the relations above are named by reference.
            #[schema(nullable = false, example = false)]
            pub useExternalId: Option<bool>,
            /// jpg, gif, png or bmp, at most 2 MiB and 4096 × 4096. Only in `multipart/form-data`.
            #[schema(value_type = Option<String>, format = Binary)]
            #[schema(nullable = false)]
            pub imageFile: Option<Vec<u8>>,
        }
    };
}

form! {
    /// The parameters of a create.
    NewCustomerForm {
        /// Unique within the organization.
        #[schema(example = "NC-3", min_length = 1, max_length = 100)]
        reference: String,
        #[schema(example = "Marie's Jewelry", min_length = 1, max_length = 255)]
        name: String,
    }
}

form! {
    /// The parameters of an update: absent ones keep their field, empty ones clear it.
    CustomerForm {
        /// Unique within the organization.
        #[schema(example = "NC-3")]
        #[schema(nullable = false, min_length = 1, max_length = 100)]
        reference: Option<String>,
        #[schema(example = "Marie's Jewelry")]
        #[schema(nullable = false, min_length = 1, max_length = 255)]
        name: Option<String>,
    }
}

/// A name and a password.
#[derive(ToSchema)]
#[expect(missing_docs, reason = "a description of form fields, never built")]
pub struct SignInForm {
    pub j_username: String,
    #[schema(format = Password)]
    pub j_password: String,
    /// Taken for compatibility; the answer is the same without it.
    #[schema(example = true)]
    #[schema(nullable = false)]
    pub ajax: Option<bool>,
}

/// What a list of customers can be asked for.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(missing_docs, non_snake_case, reason = "a description of a query, never built")]
pub struct CustomerListQuery {
    /// The most customers in the page; by default 100, at most 1000.
    #[param(minimum = 0)]
    pub max: Option<i64>,
    /// How many customers come before the page.
    #[param(minimum = 0)]
    pub offset: Option<i64>,
    /// The member by which the list is sorted; by default `dateCreated`.
    #[param(inline, example = "name")]
    pub sort: Option<CustomerSortWord>,
    /// `asc` or `desc`; by default `asc`.
    #[param(inline)]
    pub order: Option<OrderWord>,
    #[param(format = DateTime)]
    pub dateCreated_gt: Option<String>,
    #[param(format = DateTime)]
    pub dateCreated_gte: Option<String>,
    #[param(format = DateTime)]
    pub dateCreated_lt: Option<String>,
    #[param(format = DateTime)]
    pub dateCreated_lte: Option<String>,
    #[param(format = DateTime)]
    pub lastUpdated_gt: Option<String>,
    #[param(format = DateTime)]
    pub lastUpdated_gte: Option<String>,
    #[param(format = DateTime)]
    pub lastUpdated_lt: Option<String>,
    #[param(format = DateTime)]
    pub lastUpdated_lte: Option<String>,
    /// `*` is any run of characters.
    #[param(example = "*")]
    pub reference: Option<String>,
    /// `*` is any run of characters.
    #[param(example = "*")]
    pub name: Option<String>,
    /// `*` is any run of characters.
    #[param(example = "*")]
    pub categoryReference: Option<String>,
    pub isActive: Option<bool>,
}

/// What a list of records that customers refer to can be asked for.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RecordListQuery {
    /// The most records in the page; by default 100, at most 1000.
    #[param(minimum = 0)]
    pub max: Option<i64>,
    /// How many records come before the page.
    #[param(minimum = 0)]
    pub offset: Option<i64>,
    /// `id`, `reference` or `name`; by default `id`.
    #[param(inline)]
    pub sort: Option<SortWord>,
    /// `asc` or `desc`; by default `asc`.
    #[param(inline)]
    pub order: Option<OrderWord>,
    /// `*` is any run of characters.
    #[param(example = "*")]
    pub reference: Option<String>,
    /// `*` is any run of characters.
    #[param(example = "*")]
    pub name: Option<String>,
}

/// By what a list of customers is sorted: every scalar member.
#[derive(ToSchema)]
#[expect(missing_docs, non_camel_case_types, reason = "a description, never built")]
pub enum CustomerSortWord {
    id,
    reference,
    reference2,
    name,
    categoryReference,
    isSubCustomer,
    billWithParent,
    customerSegmentationReference,
    pocTenus,
    email,
    logo,
    phone,
    mobile,
    fax,
    comment,
    barcode,
    isSameAddress,
    billingCountry,
    billingCity,
    billingPostalCode,
    billingAddress,
    billingLat,
    billingLng,
    country,
    city,
    postalCode,
    address,
    latitude,
    longitude,
    isCredit,
    creditLimit,
    balance,
    maxChequePeriod,
    maxChequeValue,
    appliedCashBackOutput,
    returnDiscount,
    invoicesPerRoute,
    isActive,
    onHold,
    onHoldReason,
    paymentTerm,
    dueDateConfigNumber,
    dueDateConfigType,
    website,
    taxNumber,
    companyRegistrationNumber,
    currency,
    customerRisk,
    customerRiskColor,
    organization,
    dateCreated,
    lastUpdated,
}

/// In which direction a list goes.
#[derive(ToSchema)]
#[expect(missing_docs, non_camel_case_types, reason = "a description, never built")]
pub enum OrderWord {
    asc,
    desc,
}

/// By what a list of records is sorted.
#[derive(ToSchema)]
#[expect(missing_docs, non_camel_case_types, reason = "a description, never built")]
pub enum SortWord {
    id,
    reference,
    name,
}

/// The version in a path.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Path)]
pub struct VersionPath {
    /// All versions are the same calls; links repeat the one that was asked.
    #[param(inline, example = "v2.1")]
    pub version: VersionWord,
}

/// The versions.
#[derive(ToSchema)]
#[expect(missing_docs, reason = "a description, never built")]
pub enum VersionWord {
    #[schema(rename = "v1.0")]
    V1_0,
    #[schema(rename = "v2.0")]
    V2_0,
    #[schema(rename = "v2.1")]
    V2_1,
}
