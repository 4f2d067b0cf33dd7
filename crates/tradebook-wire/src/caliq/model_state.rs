//! What is wrong with a request, member by member.

/// The faults of a request in the order in which they were found: a member's path and what is wrong with it.
///
/// A path is the member's name as documented, with the position of an element counted from zero:
/// `Currency`, `CustomerIDs[1]`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ModelState {
    members: Vec<(String, Vec<String>)>,
}

impl ModelState {
    /// For how many paths messages are kept, so that an answer does not grow with a hostile request.
    pub const MAX_PATHS: usize = 100;
    /// How many messages are kept for a path.
    pub const MAX_MESSAGES: usize = 10;

    /// Without a fault.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// Adds a message under a member's path. What goes beyond [`Self::MAX_PATHS`] or [`Self::MAX_MESSAGES`] is left out.
    pub fn add(&mut self, path: impl Into<String>, message: impl Into<String>) {
        let (path, message) = (path.into(), message.into());
        if let Some((_, messages)) = self.members.iter_mut().find(|(known, _)| *known == path) {
            if messages.len() < Self::MAX_MESSAGES {
                messages.push(message);
            }
        } else if self.members.len() < Self::MAX_PATHS {
            self.members.push((path, vec![message]));
        }
    }

    /// Whether something is wrong with a member or with one of its elements.
    pub fn names(&self, member: &str) -> bool {
        self.members.iter().any(|(path, _)| {
            path.strip_prefix(member).is_some_and(|rest| rest.is_empty() || rest.starts_with('['))
        })
    }

    /// Paths and messages in the order in which they were found.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.members.iter().map(|(path, messages)| (path.as_str(), messages.as_slice()))
    }
}
