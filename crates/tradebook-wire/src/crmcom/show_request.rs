//! `GET customer_events/purchases/show`: what is asked for.

use tradebook_model::EventIdentifier;

use super::identifier::event;
use super::{Fault, FieldsSet, Parameters};

/// The event that is wanted, and what of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShowRequest {
    /// Which event.
    pub identifier: EventIdentifier,
    /// What it shows.
    pub fields: FieldsSet,
}

impl ShowRequest {
    /// Reads the parameters of a call whose token is valid.
    pub fn read(parameters: &Parameters) -> Result<Self, Fault> {
        Ok(Self { identifier: event(parameters)?, fields: FieldsSet::read(parameters)? })
    }
}
