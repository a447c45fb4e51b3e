//! How an access token is got: named secrets and addresses, never a token.

use super::{ClientAuth, GrantKind, SecretRef, TokenFields};

/// How an access token is got and renewed. All sources with the same plan share one token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenPlan {
    /// For what it is given.
    pub grant: GrantKind,
    /// Where it is got.
    pub token_url: String,
    /// Where a session is renewed; empty unless there are sessions.
    pub refresh_url: String,
    /// The client's id, or the name of the account.
    pub login: String,
    /// The client's key, or the password of the account; a public client has none.
    pub key: Option<SecretRef>,
    /// The first refresh token; later ones are kept beside the data.
    pub refresh: Option<SecretRef>,
    /// What is asked to be allowed; empty where nothing is named.
    pub scope: String,
    /// How login and key are sent.
    pub client: ClientAuth,
    /// What the parts of the talk are called.
    pub fields: TokenFields,
}
