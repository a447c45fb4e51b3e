//! How we prove to a service who we are.

use serde::Deserialize;

/// How a key of the user (`key = { env = "..." }`) is sent.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Auth {
    /// By what means.
    pub style: AuthStyle,
    /// The name of the header or of the part of the query; the login's name for `basic`.
    #[serde(default)]
    pub name: String,
    /// Whether nothing can be read without it.
    #[serde(default)]
    pub required: bool,
    /// `oauth2`: where access tokens are got; may hold variables, and `{base}`.
    #[serde(default)]
    pub token_url: String,
    /// `oauth2`, grant `session`: where a session is renewed.
    #[serde(default)]
    pub refresh_url: String,
    /// `oauth2`: for what a token is given.
    #[serde(default)]
    pub grant: GrantKind,
    /// `oauth2`: what is asked to be allowed; empty where nothing is named.
    #[serde(default)]
    pub scope: String,
    /// `oauth2`: how the client's login and key are sent.
    #[serde(default)]
    pub client: ClientAuth,
    /// `oauth2`: what the parts of a login and of its answer are called.
    #[serde(default)]
    pub fields: TokenFields,
}

/// By what means a key is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AuthStyle {
    /// `Authorization: Bearer`.
    Bearer,
    /// A header of its own.
    Header,
    /// A part of the query.
    Query,
    /// `Authorization: Basic`, the key as password.
    Basic,
    /// `Authorization: Bearer` with a token that is got with the key, and renewed.
    OAuth2,
}

/// For what a token is given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantKind {
    /// The client's own login and key (RFC 6749, 4.4).
    #[default]
    ClientCredentials,
    /// A refresh token that a person was given for us (RFC 6749, 6).
    RefreshToken,
    /// The name and password of an account, as JSON; renewed with the refresh token as bearer.
    Session,
}

/// How the client's login and key are sent to the token endpoint.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClientAuth {
    /// `Authorization: Basic`.
    #[default]
    Basic,
    /// In the form, as `client_id` and `client_secret`.
    Post,
}

/// What the parts of a login (grant `session`) and of its answer are called.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TokenFields {
    /// The name of the account.
    pub login: String,
    /// Its password.
    pub key: String,
    /// The token to ask with.
    pub access: String,
    /// The token to renew it with.
    pub refresh: String,
}

impl Default for TokenFields {
    fn default() -> Self {
        let [login, key, access, refresh] =
            ["identifier", "password", "access_token", "refresh_token"].map(str::to_owned);
        Self { login, key, access, refresh }
    }
}
