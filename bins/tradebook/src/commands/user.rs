//! `tradebook user …`

use std::io::{BufRead as _, Write as _};
use std::process::ExitCode;

use tradebook_model::{ShortText, UserReference};
use tradebook_store::{NewUser, Password, Store};

use super::{CommandError, find_organization};
use crate::cli;

pub(crate) fn run(store: &Store, command: cli::User) -> Result<ExitCode, CommandError> {
    let mut out = std::io::stdout().lock();
    match command {
        cli::User::Create { organization, username, reference } => {
            let organization = find_organization(store, &organization)?.id;
            let username = ShortText::new(&username)?;
            let reference = reference.as_deref().map(UserReference::new).transpose()?;
            let password = password()?;
            let new = NewUser { organization, username, reference, password };
            let user = store.create_user(&new)?;
            writeln!(out, "{}", user.reference)?;
        }
        cli::User::List { organization } => {
            let only = match organization {
                Some(name) => Some(find_organization(store, &name)?.id),
                None => None,
            };
            writeln!(out, "organization\tid\treference\tusername\tname\temail\tsigns_in")?;
            for record in store.users(only)? {
                let user = &record.user;
                let text = |text: &Option<ShortText>| {
                    text.as_ref().map(ToString::to_string).unwrap_or_default()
                };
                writeln!(
                    out,
                    "{}\t{}\t{}\t{}\t{}\t{}\t{}",
                    record.organization_name,
                    user.id,
                    user.reference,
                    text(&user.username),
                    text(&user.name),
                    text(&user.email),
                    record.signs_in,
                )?;
            }
        }
        cli::User::Password { username } => {
            if !store.set_password(&username, &password()?)? {
                return Err(CommandError::UnknownUser(username));
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The first line of standard input; its end does not count.
fn password() -> Result<Password, CommandError> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).map_err(CommandError::Input)?;
    Ok(Password::new(line.trim_end_matches(['\r', '\n']))?)
}
