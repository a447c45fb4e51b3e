//! Secrets: read as references, resolved once at start.

use super::reader::Reader;
use super::value::Value;
use crate::model::{Secret, SecretRef};
use std::io::Read;
use std::path::{Path, PathBuf};
use toml::de::DeValue;

/// How messages say where a secret may stand.
const FORMS: &str = "{ env = \"NAME\" }, { file = \"path\" } or { credential = \"name\" }";

/// The most bytes that a file with a secret may have.
const SECRET_LIMIT_BYTES: u64 = 64 * 1024;

/// A secret that is not where the configuration says. Never holds the secret.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The environment has no such variable.
    #[error("the environment variable `{name}` is not set; set it where the program starts")]
    NotSet {
        /// Its name.
        name: String,
    },
    /// There are no credentials.
    #[error("there is no credential `{name}`: `$CREDENTIALS_DIRECTORY` is not set; start from a unit of systemd")]
    NoCredentials {
        /// The credential's name.
        name: String,
    },
    /// The file cannot be read.
    #[error("the secret in {} cannot be read", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// There is nothing in it.
    #[error("the secret in {place} is empty; write it there")]
    Empty {
        /// The variable or file.
        place: String,
    },
}

/// Fetches the secret that `reference` names: files relative to `folder`, variables through `environment`.
///
/// Line ends at the end of a file do not belong to the secret.
///
/// # Errors
/// [`SecretError`] where it is not there, cannot be read, is no UTF-8, or is empty.
pub fn resolve(
    reference: &SecretRef,
    folder: &Path,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<Secret, SecretError> {
    match reference {
        SecretRef::Env(name) => {
            let value = environment(name).ok_or_else(|| SecretError::NotSet { name: name.clone() })?;
            not_empty(&value, || format!("the environment variable `{name}`"))
        }
        SecretRef::File(path) => read_secret(&folder.join(path)),
        SecretRef::Credential(name) => {
            let directory = environment("CREDENTIALS_DIRECTORY");
            let directory = directory.ok_or_else(|| SecretError::NoCredentials { name: name.clone() })?;
            read_secret(&Path::new(&directory).join(name))
        }
    }
}

fn read_secret(path: &Path) -> Result<Secret, SecretError> {
    let mut text = String::new();
    let opened = std::fs::File::open(path).map(|file| file.take(SECRET_LIMIT_BYTES));
    let read = opened.and_then(|mut file| file.read_to_string(&mut text));
    read.map_err(|source| SecretError::Unreadable { path: path.to_owned(), source })?;
    not_empty(text.trim_end_matches(['\r', '\n']), || path.display().to_string())
}

fn not_empty(value: &str, place: impl Fn() -> String) -> Result<Secret, SecretError> {
    if value.is_empty() {
        return Err(SecretError::Empty { place: place() });
    }
    Ok(Secret::new(value.to_owned()))
}

/// The reference at `key`. What stands there instead is not quoted: it may be the secret itself.
pub(super) fn read_reference(table: &mut Reader<'_>, key: &'static str) -> Option<SecretRef> {
    let value = table.value(key)?;
    let (document, span) = (table.document, value.span.clone());
    let is_text = value.content.is_str();
    let reference = reference_of(value);
    if reference.is_none() {
        let problem = if is_text { "stands here in the open" } else { "is no reference to a secret" };
        let message = format!("`{key}` {problem}");
        document.error(span, message, format!("write {FORMS}"));
    }
    reference
}

fn reference_of(value: Value<'_>) -> Option<SecretRef> {
    let DeValue::Table(table) = value.content else { return None };
    let mut entries = table.into_iter();
    let (Some((kind, name)), None) = (entries.next(), entries.next()) else { return None };
    let name = name.get_ref().as_str().map(str::trim).filter(|name| !name.is_empty())?.to_owned();
    match kind.get_ref().as_ref() {
        "env" => Some(SecretRef::Env(name)),
        "file" => Some(SecretRef::File(name)),
        // A credential is a name in one folder, never a way out of it.
        "credential" if !name.contains(['/', '\\']) && name != ".." => Some(SecretRef::Credential(name)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(name: &str) -> Option<String> {
        match name {
            "SMTP_PASSWORD" => Some("hunter2".to_owned()),
            "EMPTY" => Some(String::new()),
            _ => None,
        }
    }

    #[test]
    fn a_secret_comes_from_the_environment_or_a_file_or_a_credential() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("password"), "hunter2\r\n").unwrap();
        let credentials = folder.path().to_str().unwrap().to_owned();
        let environment = |name: &str| match name {
            "CREDENTIALS_DIRECTORY" => Some(credentials.clone()),
            name => environment(name),
        };
        for reference in [
            SecretRef::Env("SMTP_PASSWORD".to_owned()),
            SecretRef::File("password".to_owned()),
            SecretRef::Credential("password".to_owned()),
        ] {
            assert_eq!(resolve(&reference, folder.path(), &environment).unwrap().expose(), "hunter2");
        }
    }

    #[test]
    fn a_secret_that_is_not_there_says_where_it_should_be() {
        let folder = Path::new("/nowhere");
        let say = |reference| resolve(&reference, folder, &environment).unwrap_err().to_string();
        assert_eq!(
            say(SecretRef::Env("GONE".to_owned())),
            "the environment variable `GONE` is not set; set it where the program starts"
        );
        assert_eq!(
            say(SecretRef::Env("EMPTY".to_owned())),
            "the secret in the environment variable `EMPTY` is empty; write it there"
        );
        assert_eq!(say(SecretRef::File("secret".to_owned())), "the secret in /nowhere/secret cannot be read");
        assert!(say(SecretRef::Credential("smtp".to_owned())).starts_with("there is no credential `smtp`: "));
    }
}
