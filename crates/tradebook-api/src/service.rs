//! The service as a whole: what is mounted, its OpenAPI document, and a server around it.

use std::net::{SocketAddr, TcpListener};

use actix_web::middleware::{Compress, from_fn};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use tradebook_store::{Store, StoreError};
use utoipa::OpenApi as _;
use utoipa_actix_web::AppExt as _;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::books::BookFault;
use crate::images::{self, ImagesError};
use crate::{AppState, Clock, Limits, caliq, crmcom, observe, operations, valomnia};

/// What makes the OpenAPI document beyond the mounted operations.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Tradebook",
        description = "Prices, agreements and buying reports of a wholesaler, from one book.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
        contact(name = "The Tradebook authors"),
    ),
    tags(
        (name = "Caliq v1", description = "Price lists, customer price agreements and buying reports, \
            in JSON or XML. The key is a member of the body. Member names in JSON are taken without regard to case; \
            unknown members are ignored. The answer is in the format that `Accept` asks for, else in the request's own."),
        (name = "Customers", description = "The customers API, in `v1.0`, `v2.0` and `v2.1` alike: parameters as forms, answers \
            in JSON. Sign in with an API key or with the token of a session: `Authorization: Bearer …`."),
        (name = "CRM.COM V4", description = "Purchase customer events. Log in with `authentication/token` or \
            `authentication/web_api_key/token`; the token of the answer is a parameter of every other call, and lasts two hours. \
            Every answer is an envelope, `{\"data\": …, \"status\": {\"code\": …, \"description\": …, \"message\": …}}`, with status \
            200 also where a call is refused: `status.code` is then another than `OK`."),
        (name = "Operations", description = "Health, metrics and this document."),
    ),
)]
struct Document;

/// Mounts every operation. The OpenAPI document is made from the same calls.
fn mount(config: &mut ServiceConfig<'_>) {
    config
        .configure(caliq::mount)
        .configure(valomnia::mount)
        .configure(crmcom::mount)
        .service(images::photo)
        .service(operations::live)
        .service(operations::ready)
        .service(operations::metrics)
        .service(operations::openapi_document);
}

/// Mounts the whole service into an actix application: `App::new().configure(configure(state))`.
///
/// Paths in other cases than the documented ones or with a slash at the end, `HEAD`, request ids and logging come from the
/// middleware that [`run`] adds.
pub fn configure(state: web::Data<AppState>) -> impl FnOnce(&mut web::ServiceConfig) {
    move |config| {
        config.app_data(state);
        mount(&mut ServiceConfig::new(config));
        #[cfg(feature = "swagger-ui")]
        config.service(swagger_ui());
        config.default_service(web::to(unmatched));
    }
}

/// What answers when no route did, in the dialect that the path belongs to.
async fn unmatched(request: HttpRequest) -> HttpResponse {
    match crmcom::unmatched(&request).or_else(|| valomnia::unmatched(&request)) {
        Some(answer) => answer,
        None => caliq::unmatched(request).await,
    }
}

/// The OpenAPI document of everything that is mounted.
pub fn openapi() -> utoipa::openapi::OpenApi {
    let (_, mut document) = App::new()
        .into_utoipa_app()
        .openapi(Document::openapi())
        .configure(mount)
        .split_for_parts();
    let (name, schema) = caliq::error_schema();
    document.components.get_or_insert_default().schemas.insert(name, schema);
    valomnia::complete(&mut document);
    crmcom::complete(&mut document);
    document
}

#[cfg(feature = "swagger-ui")]
fn swagger_ui() -> utoipa_swagger_ui::SwaggerUi {
    let config = utoipa_swagger_ui::Config::from("/openapi.json")
        .display_request_duration(true)
        .validator_url("none");
    utoipa_swagger_ui::SwaggerUi::new("/swagger-ui/{_:.*}").config(config)
}

/// Why the server does not run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address as configured.
        address: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The prices cannot be read.
    #[error(transparent)]
    Book(#[from] BookFault),
    /// Images cannot be kept.
    #[error(transparent)]
    Images(#[from] ImagesError),
    /// The metrics cannot be registered.
    #[error("metrics cannot be registered: {0}")]
    Metrics(#[from] prometheus::Error),
    /// The server broke down.
    #[error("the server stopped: {0}")]
    Io(#[from] std::io::Error),
}

/// How the server runs.
#[derive(Debug, Clone)]
pub struct ServeOptions {
    /// Address and port; port 0 takes a free one.
    pub listen: String,
    /// Threads that answer requests.
    pub workers: Option<usize>,
    /// What clients may ask at most.
    pub limits: Limits,
    /// Where business dates come from.
    pub clock: Clock,
    /// Where images are kept: a folder, `file:///FOLDER`, or with the feature `s3` `s3://BUCKET/PREFIX`.
    pub images: String,
}

/// Serves until SIGTERM or SIGINT, then finishes what is in flight; a second signal stops at once. `on_ready` is told the
/// address once connections are accepted.
pub async fn run(
    store: Store,
    options: ServeOptions,
    on_ready: impl FnOnce(SocketAddr),
) -> Result<(), ServeError> {
    let ServeOptions { listen, workers, limits, clock, images } = options;
    let listening = |source| ServeError::Listen { address: listen.clone(), source };
    let listener = TcpListener::bind(&listen).map_err(listening)?;
    let address = listener.local_addr().map_err(listening)?;
    store.migrate()?;
    let state = AppState::start(store, clock, limits.clone(), &images)?;
    state.images.check(&images).await?;
    let tidying = state.clone();
    actix_web::rt::spawn(async move {
        tidying.images.tidy(&tidying.store, tidying.clock.now()).await;
    });

    let app_state = state.clone();
    let workers =
        workers.or_else(|| std::thread::available_parallelism().ok().map(usize::from)).unwrap_or(1);
    let server = HttpServer::new(move || {
        App::new()
            .wrap(Compress::default())
            .wrap(from_fn(observe::observe))
            .configure(configure(app_state.clone()))
    })
    .workers(workers)
    .max_connections(limits.connections_per_worker)
    // A piece of an answer must not wait until the client has acknowledged the one before.
    .tcp_nodelay(true)
    .client_request_timeout(limits.head_time)
    .keep_alive(limits.keep_alive)
    .shutdown_timeout(limits.shutdown_time.as_secs())
    .disable_signals()
    .listen(listener)?
    .run();

    let handle = server.handle();
    let stopping = state.clone();
    actix_web::rt::spawn(async move {
        signal().await;
        tracing::info!("stopping; requests in flight are finished");
        stopping.stop();
        let graceful = handle.stop(true);
        actix_web::rt::spawn(async move {
            signal().await;
            tracing::warn!("a second signal: stopping at once");
            handle.stop(false).await;
        });
        graceful.await;
    });
    on_ready(address);
    server.await?;
    Ok(())
}

/// Waits for SIGTERM or SIGINT.
async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut terminate), Ok(mut interrupt)) =
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}
