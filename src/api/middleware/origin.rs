//! Client address of a request, behind trusted proxies.

use actix_web::{HttpRequest, http::header::HeaderName, web};

use crate::network::{Network, client, neighbourhood};

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Proxies whose forwarded addresses are trusted.
#[derive(Debug, Default)]
pub struct TrustedProxies(pub Vec<Network>);

/// The address prefix that identifies a client; see [`neighbourhood`].
#[must_use]
pub fn origin(request: &HttpRequest) -> u128 {
    let Some(peer) = request.peer_addr() else { return 0 };
    let proxies = request.app_data::<web::Data<TrustedProxies>>();
    let proxies = proxies.map_or(&[][..], |proxies| &proxies.0);
    let lines: Vec<_> =
        request.headers().get_all(FORWARDED_FOR).filter_map(|it| it.to_str().ok()).collect();
    neighbourhood(client(peer.ip(), lines.into_iter(), proxies))
}
