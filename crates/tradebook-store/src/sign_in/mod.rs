//! People who sign in: their passwords, their sessions, and what slows down guessing.

mod password;
mod session;
mod throttle;
mod user;

pub(crate) use self::user::{USER, UserRow, user};

pub use password::Password;
pub use session::{SESSION_PREFIX, Session, SignIn};
pub use user::{NewUser, UserRecord};
