//! The least that an actix-web server can do: one route, the same bytes from memory.

use std::{path::Path, time::Duration};

use actix_web::{
    App, HttpRequest, HttpResponse, HttpServer,
    http::{KeepAlive, header},
    web::{self, Bytes},
};

/// The path of its one route.
pub const PATH: &str = "/bytes";

/// The bytes as they are and as gzip.
#[derive(Clone)]
struct Kept {
    plain: Bytes,
    gzip: Bytes,
}

/// Serves the files `plain` and `gzip` of a directory until the process ends. Its settings are
/// those of the real program.
pub fn serve(address: &str, bytes: &Path) {
    let read = |name: &str| Bytes::from(std::fs::read(bytes.join(name)).expect("the bytes"));
    let kept = Kept { plain: read("plain"), gzip: read("gzip") };
    let server = HttpServer::new(move || {
        App::new().app_data(web::Data::new(kept.clone())).route(PATH, web::get().to(answer))
    });
    let server = server
        .keep_alive(KeepAlive::Timeout(Duration::from_secs(75)))
        .client_request_timeout(Duration::from_secs(10))
        .tcp_nodelay(true)
        .disable_signals()
        .bind(address)
        .expect("the address is free");
    actix_web::rt::System::new().block_on(server.run()).expect("it serves");
}

async fn answer(request: HttpRequest, kept: web::Data<Kept>) -> HttpResponse {
    if request.headers().contains_key(header::IF_NONE_MATCH) {
        return HttpResponse::NotModified().finish();
    }
    let mut answer = HttpResponse::Ok();
    answer.content_type("application/json");
    if request.headers().contains_key(header::ACCEPT_ENCODING) {
        answer.insert_header((header::CONTENT_ENCODING, "gzip"));
        return answer.body(kept.gzip.clone());
    }
    answer.body(kept.plain.clone())
}
