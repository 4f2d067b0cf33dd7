//! `tradebook organization …`

use std::io::Write as _;
use std::process::ExitCode;

use tradebook_model::{OrganizationName, Setting, Settings};
use tradebook_store::Store;

use super::{CommandError, find_organization};
use crate::cli::Organization;

pub(crate) fn run(store: &Store, command: Organization) -> Result<ExitCode, CommandError> {
    let mut out = std::io::stdout().lock();
    match command {
        Organization::Create { name, currency, time_zone } => {
            let name: OrganizationName = name.parse()?;
            let settings = Settings::new(currency.parse()?, time_zone.parse()?);
            let organization = store.create_organization(&name, &settings)?;
            writeln!(out, "{}", organization.name)?;
        }
        Organization::List => {
            for organization in store.organizations()? {
                writeln!(out, "{}", organization.name)?;
            }
        }
        Organization::Set { name, settings } => {
            let organization = find_organization(store, &name)?;
            let changed =
                store.update_settings(organization.id, |current| assign(current, &settings))??;
            write_settings(&mut out, &changed)?;
        }
        Organization::Show { name } => {
            let organization = find_organization(store, &name)?;
            writeln!(out, "name={}", organization.name)?;
            write_settings(&mut out, &organization.settings)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn assign(settings: &mut Settings, assignments: &[(String, String)]) -> Result<(), CommandError> {
    for (key, value) in assignments {
        settings.set(key.parse::<Setting>()?, value)?;
    }
    Ok(())
}

fn write_settings(out: &mut impl std::io::Write, settings: &Settings) -> std::io::Result<()> {
    for setting in Setting::ALL {
        writeln!(out, "{}={}", setting.name(), settings.get(setting))?;
    }
    Ok(())
}
