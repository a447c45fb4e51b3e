//! From names to addresses that may be connected to.
//!
//! In: a host name. Out: only addresses that the gate admits, which are then the ones connected to.
//! Asks the system's resolver, or one named DNS server; never a file of the latter's own.

use super::{Gate, NetError, Trust};
use futures_util::future::BoxFuture;
use hickory_resolver::TokioResolver;
use hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolveHosts, ResolverConfig};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

/// How long an answer of a named DNS server is believed at most, so that a name that moves is checked anew.
const ANSWER_KEPT: Duration = Duration::from_secs(60);

/// Queries to a named DNS server under way at once: above `[fetch] in_flight`, so that none is turned away.
const QUERIES_AT_ONCE: usize = 1024;

/// Something that knows the addresses of names. Unchecked.
pub(super) trait Lookup: fmt::Debug + Send + Sync {
    /// All addresses of `host`, in the order to try.
    fn lookup(&self, host: String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>>;
}

/// The system's resolver, or the server that the operator names.
pub(super) fn lookup_for(server: Option<SocketAddr>) -> Result<Arc<dyn Lookup>, NetError> {
    match server {
        None => Ok(Arc::new(System)),
        Some(server) => Ok(Arc::new(NamedServer::new(server)?)),
    }
}

/// Looks `host` up (a literal is its own answer) and keeps what the gate admits.
pub(super) async fn admitted(
    lookup: &dyn Lookup,
    gate: &Gate,
    trust: Trust,
    host: &str,
) -> Result<Vec<IpAddr>, NetError> {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let addresses = match bare.parse() {
        Ok(literal) => vec![literal],
        Err(_) => lookup
            .lookup(host.to_owned())
            .await
            .map_err(|cause| NetError::Unresolved { host: host.to_owned(), cause })?,
    };
    if addresses.is_empty() {
        let cause = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
        return Err(NetError::Unresolved { host: host.to_owned(), cause });
    }
    gate.admit(host, addresses, trust)
}

#[derive(Debug)]
struct System;

impl Lookup for System {
    fn lookup(&self, host: String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
        Box::pin(async move {
            let found = tokio::net::lookup_host((host, 0)).await?;
            Ok(found.map(|socket| socket.ip()).collect())
        })
    }
}

#[derive(Debug)]
struct NamedServer {
    resolver: Arc<TokioResolver>,
}

impl NamedServer {
    fn new(server: SocketAddr) -> Result<Self, NetError> {
        let connections = [ConnectionConfig::udp(), ConnectionConfig::tcp()].map(|mut connection| {
            connection.port = server.port();
            connection
        });
        let server = NameServerConfig::new(server.ip(), true, connections.into());
        let config = ResolverConfig::from_name_servers(vec![server]);
        let mut builder = TokioResolver::builder_with_config(config, TokioRuntimeProvider::default());
        let options = builder.options_mut();
        options.use_hosts_file = ResolveHosts::Never;
        options.positive_max_ttl = Some(ANSWER_KEPT);
        options.negative_max_ttl = Some(ANSWER_KEPT);
        options.max_active_requests = QUERIES_AT_ONCE;
        let resolver = builder.build().map_err(|cause| NetError::Setup(Box::new(cause)))?;
        Ok(Self { resolver: Arc::new(resolver) })
    }
}

impl Lookup for NamedServer {
    fn lookup(&self, host: String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
        let resolver = Arc::clone(&self.resolver);
        Box::pin(async move {
            let found = resolver.lookup_ip(host).await.map_err(io::Error::other)?;
            Ok(found.iter().collect())
        })
    }
}

/// What the HTTP client asks at each new connection.
pub(super) struct Gated {
    lookup: Arc<dyn Lookup>,
    gate: Gate,
    trust: Trust,
    only: Option<String>,
}

impl Gated {
    /// Asks `lookup` and keeps what `gate` admits under `trust`.
    pub(super) fn new(lookup: &Arc<dyn Lookup>, gate: &Gate, trust: Trust) -> Self {
        Self { lookup: Arc::clone(lookup), gate: gate.clone(), trust, only: None }
    }

    /// Looks up `host` and nothing else: the proxy, which looks up the rest.
    pub(super) fn only(self, host: &str) -> Self {
        Self { only: Some(host.to_owned()), ..self }
    }
}

impl Resolve for Gated {
    fn resolve(&self, name: Name) -> Resolving {
        let (lookup, gate, trust) = (Arc::clone(&self.lookup), self.gate.clone(), self.trust);
        let is_known = self.only.as_deref().is_none_or(|only| only == name.as_str());
        Box::pin(async move {
            if !is_known {
                let cause = io::Error::other("only the proxy is looked up here");
                return Err(NetError::Unresolved { host: name.as_str().to_owned(), cause }.into());
            }
            let addresses = admitted(lookup.as_ref(), &gate, trust, name.as_str()).await?;
            // Port 0 tells the client to take the port of the URL.
            let sockets: Addrs = Box::new(addresses.into_iter().map(|address| SocketAddr::new(address, 0)));
            Ok(sockets)
        })
    }
}
