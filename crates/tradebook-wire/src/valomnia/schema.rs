//! What the OpenAPI document says of forms.

use utoipa::ToSchema;

macro_rules! form {
    ($(#[$doc:meta])+ $name:ident { $($(#[$own:meta])* $own_field:ident: $own_type:ty,)* }) => {
        $(#[$doc])+
        #[derive(ToSchema)]
        #[expect(missing_docs, non_snake_case, reason = "a description of form fields, never built")]
        pub struct $name {
            $($(#[$own])* pub $own_field: $own_type,)*
            pub reference2: Option<String>,
            pub barcode: Option<String>,
            /// By default true.
            pub isActive: Option<bool>,
            /// Id of the customer category; by default the root category's.
            #[schema(example = "")]
            pub categoryId: Option<String>,
            /// By default true where a `parentCustomer` is given, else false.
            pub isSubCustomer: Option<bool>,
            /// Id of the parent customer; required where `isSubCustomer` is true.
            #[schema(example = "")]
            pub parentCustomer: Option<String>,
            /// By default false.
            pub billWithParent: Option<bool>,
            /// Id of the customer segmentation.
            #[schema(example = "")]
            pub customerSegmentationId: Option<String>,
            /// Id of the user who created the customer; by default the caller's.
            #[schema(example = "")]
            pub userId: Option<String>,
            /// Whether goods go to the billing address; by default true.
            pub isSameAddress: Option<bool>,
            /// ISO 3166 code or name of a country.
            #[schema(example = "France")]
            pub billingCountry: Option<String>,
            pub billingCity: Option<String>,
            pub billingPostalCode: Option<String>,
            pub billingAddress: Option<String>,
            pub billingLat: Option<f64>,
            pub billingLng: Option<f64>,
            /// ISO 3166 code or name of a country.
            #[schema(example = "FR")]
            pub country: Option<String>,
            pub city: Option<String>,
            pub postalCode: Option<String>,
            pub address: Option<String>,
            pub latitude: Option<f64>,
            pub longitude: Option<f64>,
            pub email: Option<String>,
            pub phone: Option<String>,
            pub mobile: Option<String>,
            pub fax: Option<String>,
            pub comment: Option<String>,
            pub website: Option<String>,
            pub creditLimit: Option<f64>,
            /// Days until payment; required where `dueDateConfigType` is given.
            #[schema(example = 30)]
            pub dueDateConfigNumber: Option<i32>,
            /// `1`: after the invoice date, `2`: after the end of the invoice month.
            #[schema(example = "1")]
            pub dueDateConfigType: Option<String>,
            pub taxNumber: Option<String>,
            pub companyRegistrationNumber: Option<String>,
            /// ISO 4217 code of a configured currency; by default the organization's.
            #[schema(example = "")]
            pub currency: Option<String>,
            /// A list of payment types' ids: `[{"id"=7},{"id"=8}]`, also with `:`.
            #[schema(example = "[]")]
            pub paymentTypes: Option<String>,
            /// Id of a region, where the organization has geographical locations.
            #[schema(example = "")]
            pub regionId: Option<String>,
            pub customerRisk: Option<String>,
            #[schema(example = "#1BE9D8")]
            pub customerRiskColor: Option<String>,
            /// By default false.
            pub onHold: Option<bool>,
            pub onHoldReason: Option<String>,
            /// Whether the relations above are named by reference.
            pub useExternalId: Option<bool>,
            /// jpg, gif, png or bmp, at most 2 MiB and 4096 × 4096. Only in `multipart/form-data`.
            #[schema(value_type = Option<String>, format = Binary)]
            pub imageFile: Option<Vec<u8>>,
        }
    };
}

form! {
    /// The parameters of a create.
    NewCustomerForm {
        /// Unique within the organization.
        #[schema(example = "NC-3")]
        reference: String,
        #[schema(example = "Marie's Jewelry")]
        name: String,
    }
}

form! {
    /// The parameters of an update: absent ones keep their field, empty ones clear it.
    CustomerForm {
        /// Unique within the organization.
        #[schema(example = "NC-3")]
        reference: Option<String>,
        #[schema(example = "Marie's Jewelry")]
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
    #[param(example = "name")]
    pub sort: Option<String>,
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
