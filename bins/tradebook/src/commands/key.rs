//! `tradebook key …`

use std::io::Write as _;
use std::process::ExitCode;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tradebook_model::{ShortText, UserReference};
use tradebook_store::{NewKey, Role, Store};

use super::{CommandError, find_organization};
use crate::cli;

pub(crate) fn run(store: &Store, command: cli::Key) -> Result<ExitCode, CommandError> {
    let mut out = std::io::stdout().lock();
    match command {
        cli::Key::Create { organization, role, label, user } => {
            let new = NewKey {
                organization: find_organization(store, &organization)?.id,
                role: match role {
                    cli::Role::Read => Role::Read,
                    cli::Role::Write => Role::Write,
                },
                label: label.as_deref().map(ShortText::new).transpose()?,
                user: user.as_deref().map(UserReference::new).transpose()?,
            };
            let (_, key) = store.create_key(&new)?;
            writeln!(out, "{}", key.expose())?;
        }
        cli::Key::List { organization } => {
            let only = match organization {
                Some(name) => Some(find_organization(store, &name)?.id),
                None => None,
            };
            writeln!(out, "id\torganization\trole\tlabel\tuser\tcreated\trevoked")?;
            for key in store.keys(only)? {
                writeln!(
                    out,
                    "{}\t{}\t{}\t{}\t{}\t{}\t{}",
                    key.id,
                    key.organization_name,
                    key.role,
                    key.label.as_ref().map_or("", ShortText::as_str),
                    key.user.as_ref().map_or("", UserReference::as_str),
                    instant(Some(key.created_at)),
                    instant(key.revoked_at),
                )?;
            }
        }
        cli::Key::Revoke { id } => {
            if !store.revoke_key(id)? {
                return Err(CommandError::UnknownKey(id));
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn instant(instant: Option<OffsetDateTime>) -> String {
    instant.and_then(|instant| instant.format(&Rfc3339).ok()).unwrap_or_default()
}
