//! The server's own endpoints: health, readiness, metrics and the OpenAPI document.

use actix_web::http::header::{CONTENT_TYPE, RETRY_AFTER};
use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use utoipa::ToSchema;

use crate::AppState;

/// How the server is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Health {
    /// `ok` or `unavailable`.
    #[schema(example = "ok")]
    status: &'static str,
    /// Why it is unavailable.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    reason: Option<String>,
}

/// Whether the process lives. Touches no database.
#[utoipa::path(
    tag = "Operations",
    responses((status = 200, description = "The process lives.", body = Health)),
)]
#[get("/health/live")]
pub(crate) async fn live() -> HttpResponse {
    HttpResponse::Ok().json(Health { status: "ok", reason: None })
}

/// Whether requests can be answered now.
#[utoipa::path(
    tag = "Operations",
    responses(
        (status = 200, description = "Requests can be answered.", body = Health),
        (status = 503, description = "They cannot; the reason is given.", body = Health),
    ),
)]
#[get("/health/ready")]
pub(crate) async fn ready(state: web::Data<AppState>) -> HttpResponse {
    match state.readiness().await {
        Ok(()) => HttpResponse::Ok().json(Health { status: "ok", reason: None }),
        Err(reason) => HttpResponse::ServiceUnavailable()
            .insert_header((RETRY_AFTER, "1"))
            .json(Health { status: "unavailable", reason: Some(reason) }),
    }
}

/// Counters and histograms in Prometheus' text format.
#[utoipa::path(
    tag = "Operations",
    responses((status = 200, description = "The metrics.", body = String, content_type = "text/plain")),
)]
#[get("/metrics")]
pub(crate) async fn metrics(state: web::Data<AppState>) -> HttpResponse {
    match state.metrics.render(&state.store.database_use()) {
        Ok(text) => HttpResponse::Ok()
            .insert_header((CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8"))
            .body(text),
        Err(error) => {
            tracing::error!(%error, "metrics cannot be written");
            HttpResponse::InternalServerError().finish()
        }
    }
}

/// This document.
#[utoipa::path(
    tag = "Operations",
    responses((status = 200, description = "The OpenAPI document.", body = Object, content_type = "application/json")),
)]
#[get("/openapi.json")]
pub(crate) async fn openapi_document() -> HttpResponse {
    match crate::openapi().to_json() {
        Ok(text) => HttpResponse::Ok().insert_header((CONTENT_TYPE, "application/json")).body(text),
        Err(error) => {
            tracing::error!(%error, "the OpenAPI document cannot be written");
            HttpResponse::InternalServerError().finish()
        }
    }
}
