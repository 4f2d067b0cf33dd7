//! `GET /{folder}/photoCustomer/{name}`: an image, or a smaller size of it.

use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HeaderName,
    HeaderValue,
};
use actix_web::{HttpRequest, HttpResponse, get, web};
use tradebook_model::{ImageName, OrganizationName};
use tradebook_store::Role;
use tradebook_wire::valomnia::Fault;

use super::Size;
use crate::AppState;
use crate::conditional::is_unchanged;
use crate::valomnia::{self, ImageRefusals, Refusal};

/// The address of an organization's images, up to their names:
/// `https://host/entity1-1450169988465/photoCustomer/`.
pub(crate) fn address(base: &str, organization: &OrganizationName, folder: u64) -> String {
    let slug: String = organization
        .as_str()
        .chars()
        .take(60)
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect();
    format!("{base}/{slug}-{folder}/photoCustomer/")
}

/// The number of a folder in an address.
fn folder_number(folder: &str) -> Option<u64> {
    folder.rsplit_once('-')?.1.parse().ok()
}

/// An image's name in an address, and which size of it is meant.
pub(super) fn parse_name(file: &str) -> Option<(Size, ImageName)> {
    let (size, name) = [Size::Medium, Size::Small]
        .into_iter()
        .find_map(|size| Some((size, file.strip_prefix(size.prefix())?)))
        .unwrap_or((Size::Full, file));
    Some((size, name.parse().ok()?))
}

/// An image.
#[derive(utoipa::ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "a description, never built")]
pub(crate) struct ImageBytes(Vec<u8>);

/// The image of a customer, as `logo` names it. With `medium_` or `small_` before the name: fitted into 400 × 400 or
/// 100 × 100, where GIF and BMP become PNG.
///
/// Needs no sign-in, as in an `<img>`, unless the organization's setting `private_images` is on.
#[utoipa::path(
    tag = "Customers",
    path = "/{folder}/photoCustomer/{name}",
    operation_id = "show_customer_image",
    params(
        ("folder" = String, Path, description = "The organization's folder.", example = "entity1-1450169988465"),
        ("name" = String, Path, description = "The image's name.", example = "small_1471338230737_logo.png"),
    ),
    responses(
        (status = 200, description = "The image.", content(
            (ImageBytes = "image/png"), (ImageBytes = "image/jpeg"), (ImageBytes = "image/gif"), (ImageBytes = "image/bmp"),
        )),
        (status = 304, description = "The image that the client has is the one."),
        ImageRefusals,
    ),
    security((), ("bearer" = []), ("session" = [])),
)]
#[get("/{folder}/photoCustomer/{name}")]
pub(crate) async fn photo(http: HttpRequest, state: web::Data<AppState>) -> HttpResponse {
    read(&http, &state).await.unwrap_or_else(|refusal| refusal.answer())
}

async fn read(http: &HttpRequest, state: &AppState) -> Result<HttpResponse, Refusal> {
    let no_such = || Refusal(Fault::NoSuchResource);
    let folder = http.match_info().get("folder").and_then(folder_number).ok_or_else(no_such)?;
    let file = http.match_info().get("name").unwrap_or_default();
    let (size, name) = parse_name(file).ok_or_else(no_such)?;
    let store = state.store.clone();
    let organization =
        crate::blocking::blocking(move || match store.organization_of_image_folder(folder)? {
            Some(id) => store.organization(id),
            None => Ok(None),
        })
        .await?
        .ok_or_else(no_such)?;
    let is_private = organization.settings.private_images;
    if is_private {
        let caller = valomnia::caller(http, state, Role::Read).await?;
        if caller.organization != organization.id {
            return Err(no_such());
        }
    }
    let image = state.images.read(organization.id, size, &name).await.map_err(|error| {
        tracing::error!(%error, "an image cannot be read");
        Refusal(Fault::Unavailable)
    })?;
    let bytes = image.ok_or_else(no_such)?;
    // A name is never given twice, so that it stands for its content.
    let etag = format!("\"{file}\"");
    let caching = if is_private { "private" } else { "public" };
    let mut response = if is_unchanged(http, &etag) {
        HttpResponse::NotModified().finish()
    } else {
        HttpResponse::Ok().insert_header((CONTENT_TYPE, media_type(&bytes))).body(bytes)
    };
    let headers = response.headers_mut();
    let mut insert = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    insert(ETAG, &etag);
    insert(CACHE_CONTROL, &format!("{caching}, max-age=31536000, immutable"));
    insert(CONTENT_DISPOSITION, "inline");
    insert(CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox");
    Ok(response)
}

/// What we encoded it as.
fn media_type(bytes: &[u8]) -> &'static str {
    match bytes {
        [0xff, 0xd8, ..] => "image/jpeg",
        [b'G', b'I', b'F', ..] => "image/gif",
        [b'B', b'M', ..] => "image/bmp",
        _ => "image/png",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_plain_and_lead_back() {
        let organization: OrganizationName = "Ent/ité 1".parse().unwrap();
        let address = address("https://h", &organization, 1_450_169_988_465);
        assert_eq!(address, "https://h/Ent_it__1-1450169988465/photoCustomer/");
        assert_eq!(folder_number("Ent_it__1-1450169988465"), Some(1_450_169_988_465));
        for folder in ["", "entity1", "entity1-", "entity1-x", "-"] {
            assert_eq!(folder_number(folder), None, "{folder}");
        }
    }

    #[test]
    fn names_lead_to_images_alone() {
        let name: ImageName = "147_logo.png".parse().unwrap();
        assert_eq!(parse_name("147_logo.png"), Some((Size::Full, name.clone())));
        assert_eq!(parse_name("small_147_logo.png"), Some((Size::Small, name.clone())));
        assert_eq!(parse_name("medium_147_logo.png"), Some((Size::Medium, name)));
        for file in [
            "",
            "..",
            "small_",
            "small_small_147_x.png",
            "logo.png",
            "../147_x.png",
            "147_x.png/..",
            "147_..%2f",
            "147_\0",
            "C:\\147_x",
        ] {
            assert_eq!(parse_name(file), None, "{file}");
        }
    }
}
