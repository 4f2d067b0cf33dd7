//! The one way from a handler to the store.

use tradebook_store::StoreError;

/// Runs a call of the store on the blocking pool.
pub(crate) async fn blocking<T, F>(call: F) -> Result<T, StoreError>
where
    T: Send + 'static,
    F: FnOnce() -> Result<T, StoreError> + Send + 'static,
{
    match actix_web::web::block(call).await {
        Ok(outcome) => outcome,
        // The pool is gone: the server is stopping.
        Err(_) => Err(stopping()),
    }
}

/// What a call of the store comes to while the server stops.
pub(crate) fn stopping() -> StoreError {
    StoreError::Unavailable { message: "the server is stopping".into() }
}
