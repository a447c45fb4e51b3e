//! Certificates of authorities of the house's own, believed beside those of the system.

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

/// Certificates of authorities.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roots(Vec<CertificateDer<'static>>);

/// Why a file gives no certificates.
#[derive(Debug, thiserror::Error)]
pub enum RootsError {
    /// There is none in it.
    #[error("holds no certificate in PEM form")]
    None,
    /// The text is no PEM.
    #[error("is no PEM: {0}")]
    NotPem(#[source] rustls::pki_types::pem::Error),
    /// One of them is none that others can be checked by.
    #[error("holds a certificate that cannot be used, the {nth}. in it: {cause}")]
    Unusable {
        /// Its place in the file, counted from 1.
        nth: usize,
        /// What is wrong with it.
        #[source]
        cause: rustls::Error,
    },
}

impl Roots {
    /// The certificates of a file in PEM form, each `-----BEGIN CERTIFICATE-----`.
    ///
    /// # Errors
    /// [`RootsError`] where there is none, or one that cannot be used.
    pub fn parse(pem: &[u8]) -> Result<Self, RootsError> {
        let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
        let certificates = certificates.map_err(RootsError::NotPem)?;
        if certificates.is_empty() {
            return Err(RootsError::None);
        }
        let mut store = RootCertStore::empty();
        for (index, certificate) in certificates.iter().enumerate() {
            let added = store.add(certificate.clone());
            added.map_err(|cause| RootsError::Unusable { nth: index + 1, cause })?;
        }
        Ok(Self(certificates))
    }

    /// Each certificate in DER form.
    pub(super) fn ders(&self) -> impl Iterator<Item = &[u8]> {
        self.0.iter().map(AsRef::as_ref)
    }
}
