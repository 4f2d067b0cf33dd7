//! An actix server whose every answer is the same: what HTTP itself costs.

use std::path::PathBuf;

use actix_web::http::header::{CONTENT_TYPE, ETAG, HeaderValue, IF_NONE_MATCH};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use bytes::Bytes;

use crate::BenchError;

/// Serves one constant answer to every request, whatever its method and path.
#[derive(Debug, clap::Args)]
pub(crate) struct Constant {
    /// The file whose bytes are the answer; without it the answer has no body.
    #[arg(long, value_name = "FILE")]
    body: Option<PathBuf>,
    /// The answer's content type.
    #[arg(long, default_value = "application/json; charset=utf-8", value_name = "TYPE")]
    content_type: HeaderValue,
    /// An entity tag, quotes included: a request whose `If-None-Match` is the same gets 304.
    #[arg(long, value_name = "TAG")]
    etag: Option<HeaderValue>,
    #[command(flatten)]
    server: Server,
}

/// The largest body of a request.
const BODY_BYTES: usize = 64 * 1024 * 1024;

/// How a server runs.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Server {
    /// Threads that answer.
    #[arg(long, default_value_t = 2, value_name = "N")]
    pub(crate) workers: usize,
    /// Where to listen; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:0", value_name = "ADDRESS:PORT")]
    pub(crate) listen: String,
}

#[derive(Clone)]
struct Answer {
    body: Bytes,
    content_type: HeaderValue,
    etag: Option<HeaderValue>,
}

pub(crate) fn serve(arguments: Constant) -> Result<(), BenchError> {
    let Constant { body, content_type, etag, server } = arguments;
    let body = match body {
        Some(path) => Bytes::from(std::fs::read(&path).map_err(BenchError::file(path))?),
        None => Bytes::new(),
    };
    let answer = Answer { body, content_type, etag };
    run(server, move |config| {
        config
            .app_data(web::Data::new(answer.clone()))
            .app_data(web::PayloadConfig::new(BODY_BYTES))
            .default_service(web::to(constant));
    })
}

/// Answers when the request is read to its end, as any service does that looks at it.
async fn constant(
    request: HttpRequest,
    _body: web::Bytes,
    answer: web::Data<Answer>,
) -> HttpResponse {
    if let Some(etag) = &answer.etag
        && request.headers().get(IF_NONE_MATCH) == Some(etag)
    {
        return HttpResponse::NotModified().insert_header((ETAG, etag.clone())).finish();
    }
    let mut response = HttpResponse::Ok();
    response.insert_header((CONTENT_TYPE, answer.content_type.clone()));
    if let Some(etag) = &answer.etag {
        response.insert_header((ETAG, etag.clone()));
    }
    response.body(answer.body.clone())
}

/// Runs a server until a signal ends it.
pub(crate) fn run<F>(server: Server, configure: F) -> Result<(), BenchError>
where
    F: Fn(&mut web::ServiceConfig) + Clone + Send + 'static,
{
    actix_web::rt::System::new().block_on(async move {
        let server = HttpServer::new(move || App::new().configure(configure.clone()))
            .workers(server.workers)
            .shutdown_timeout(1)
            .tcp_nodelay(true)
            .bind(server.listen)?;
        crate::announce(&server.addrs());
        server.run().await?;
        Ok(())
    })
}
