//! Organizations and their settings.

use std::time::Instant;

use diesel::prelude::*;
use time::OffsetDateTime;
use tradebook_model::{
    Organization, OrganizationId, OrganizationName, Revision, Setting, Settings, TimeZone,
};

use crate::connection::AnyConnection;
use crate::rows::{millis, stored};
use crate::schema::{id_sequences, organization_settings, organizations};
use crate::sequence::Sequence;
use crate::transaction::Outcome;
use crate::{Store, StoreError};

impl Store {
    /// Adds an organization. [`StoreError::NotUnique`] where the name is taken.
    pub fn create_organization(
        &self,
        name: &OrganizationName,
        settings: &Settings,
    ) -> Result<Organization, StoreError> {
        self.change(|connection| {
            let taken: i64 = organizations::table
                .filter(organizations::name.eq(name.as_str()))
                .count()
                .get_result(connection)?;
            if taken > 0 {
                return Err(not_unique(name));
            }
            let id: i32 = diesel::insert_into(organizations::table)
                .values((
                    organizations::name.eq(name.as_str()),
                    organizations::revision.eq(1),
                    organizations::created_at.eq(millis(OffsetDateTime::now_utc())),
                ))
                .returning(organizations::id)
                .get_result(connection)
                // Another process may have been faster.
                .map_err(|error| match StoreError::from(error) {
                    StoreError::NotUnique { .. } => not_unique(name),
                    other => other,
                })?;
            let id = stored("an organization's id", OrganizationId::new(id))?;
            for sequence in Sequence::ALL {
                diesel::insert_into(id_sequences::table)
                    .values((
                        id_sequences::organization_id.eq(id.get()),
                        id_sequences::kind.eq(sequence.word()),
                        id_sequences::next_id.eq(1),
                    ))
                    .execute(connection)?;
            }
            write_settings(connection, id, settings)?;
            Ok(Outcome::Commit(Organization { id, name: name.clone(), settings: settings.clone() }))
        })
    }

    /// All organizations, by name.
    pub fn organizations(&self) -> Result<Vec<Organization>, StoreError> {
        self.read_snapshot(|connection| {
            let rows: Vec<(i32, String)> = organizations::table
                .select((organizations::id, organizations::name))
                .order(organizations::name)
                .load(connection)?;
            rows.into_iter().map(|(id, name)| organization(connection, id, &name)).collect()
        })
    }

    /// The organization of a name, compared exactly; `None` where there is none.
    pub fn find_organization(
        &self,
        name: &OrganizationName,
    ) -> Result<Option<Organization>, StoreError> {
        self.read_snapshot(|connection| {
            let row: Option<(i32, String)> = organizations::table
                .select((organizations::id, organizations::name))
                .filter(organizations::name.eq(name.as_str()))
                .get_result(connection)
                .optional()?;
            row.map(|(id, name)| organization(connection, id, &name)).transpose()
        })
    }

    /// The organization of an id; `None` where there is none.
    pub fn organization(&self, id: OrganizationId) -> Result<Option<Organization>, StoreError> {
        self.read_snapshot(|connection| {
            let row: Option<(i32, String)> = organizations::table
                .select((organizations::id, organizations::name))
                .filter(organizations::id.eq(id.get()))
                .get_result(connection)
                .optional()?;
            row.map(|(id, name)| organization(connection, id, &name)).transpose()
        })
    }

    /// Changes settings of an organization: `change` gets those that hold and leaves them as they shall be. Where it
    /// refuses, nothing happens and its error comes back inside.
    pub fn update_settings<E>(
        &self,
        id: OrganizationId,
        mut change: impl FnMut(&mut Settings) -> Result<(), E>,
    ) -> Result<Result<Settings, E>, StoreError> {
        self.write_transaction(id, |connection, _| {
            let mut settings = read_settings(connection, id)?;
            if let Err(refusal) = change(&mut settings) {
                return Ok(Outcome::RollBack(Err(refusal)));
            }
            write_settings(connection, id, &settings)?;
            diesel::update(organizations::table.find(id.get()))
                .set(organizations::version.eq(organizations::version + 1))
                .execute(connection)?;
            Ok(Outcome::Commit(Ok(settings)))
        })
    }

    /// The revisions of all organizations, by id: one small query, fit to be asked every second.
    pub fn revisions(&self) -> Result<Vec<(OrganizationId, Revision)>, StoreError> {
        let asked_at = Instant::now();
        let rows: Vec<(i32, i64)> = organizations::table
            .select((organizations::id, organizations::revision))
            .order(organizations::id)
            .load(&mut *self.pools().read()?)?;
        let revisions = rows
            .into_iter()
            .map(|(id, revision)| {
                Ok((stored("an organization's id", OrganizationId::new(id))?, Revision(revision)))
            })
            .collect::<Result<Vec<_>, StoreError>>()?;
        self.seen().note_all(&revisions, asked_at);
        Ok(revisions)
    }
}

fn not_unique(name: &OrganizationName) -> StoreError {
    StoreError::NotUnique { what: format!("the organization `{name}`") }
}

fn organization(
    connection: &mut AnyConnection,
    id: i32,
    name: &str,
) -> Result<Organization, StoreError> {
    let id = stored("an organization's id", OrganizationId::new(id))?;
    Ok(Organization {
        id,
        name: stored("an organization's name", name.parse())?,
        settings: read_settings(connection, id)?,
    })
}

/// The settings of an organization. One that a later release has added is passed over; one that an earlier release did
/// not know has its default.
pub(crate) fn read_settings(
    connection: &mut AnyConnection,
    organization: OrganizationId,
) -> Result<Settings, StoreError> {
    let rows: Vec<(String, String)> = organization_settings::table
        .select((organization_settings::name, organization_settings::value))
        .filter(organization_settings::organization_id.eq(organization.get()))
        .load(connection)?;
    let currency = rows
        .iter()
        .find(|(name, _)| name == Setting::Currency.name())
        .map(|(_, value)| value)
        .ok_or_else(|| {
            StoreError::corrupt(format!("organization {organization} has no currency"))
        })?;
    let mut settings =
        Settings::new(stored("an organization's currency", currency.parse())?, TimeZone::UTC);
    for (name, value) in &rows {
        if let Ok(setting) = name.parse::<Setting>() {
            stored("a setting of an organization", settings.set(setting, value))?;
        }
    }
    Ok(settings)
}

fn write_settings(
    connection: &mut AnyConnection,
    organization: OrganizationId,
    settings: &Settings,
) -> Result<(), StoreError> {
    for setting in Setting::ALL {
        let value = settings.get(setting);
        let row = organization_settings::table.find((organization.get(), setting.name()));
        let changed =
            diesel::update(row).set(organization_settings::value.eq(&value)).execute(connection)?;
        if changed == 0 {
            diesel::insert_into(organization_settings::table)
                .values((
                    organization_settings::organization_id.eq(organization.get()),
                    organization_settings::name.eq(setting.name()),
                    organization_settings::value.eq(&value),
                ))
                .execute(connection)?;
        }
    }
    Ok(())
}
