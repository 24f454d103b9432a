//! Traces for OpenTelemetry: a span for each request and one for each job, in the trace that the request's id names.
//!
//! The id comes from the proxy, stands in every log and is kept with the job: so request and job are one trace, on whatever
//! node and however much later the job is done. Only the fields of these two spans are sent. They hold a method, a route
//! (a pattern, never an address), ids, a kind and numbers; nothing of a person or a book.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, SystemTime},
};

use async_trait::async_trait;
use bytes::Bytes;
use opentelemetry::{
    Context, KeyValue, Value,
    trace::{
        Span as _, SpanBuilder, SpanContext, SpanId, SpanKind, TraceContextExt, TraceFlags, TraceId, TraceState,
        Tracer, TracerProvider,
    },
};
use opentelemetry_http::{HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{ExporterBuildError, Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::{
    Resource,
    trace::{SdkTracer, SdkTracerProvider},
};
use sha2::{Digest, Sha256};
use tokio::runtime::Handle;
use tracing::{
    Level, Metadata, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
};
use tracing_subscriber::{Layer, layer, registry::LookupSpan};
use url::Url;

/// A collector that takes longer than this loses the traces of these few seconds, and nobody waits for it.
const PATIENCE: Duration = Duration::from_secs(5);

/// The spans that are sent, each with the field that names the request.
const SENT: [(&str, &str); 2] = [("request", "id"), ("job", "request")];

/// Why no traces are sent.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TracesError {
    /// The client of the collector could not be made.
    #[error("the client of the collector could not be made")]
    Client(#[from] reqwest::Error),
    /// The exporter refuses its settings.
    #[error("the exporter of traces could not be made")]
    Exporter(#[from] ExporterBuildError),
}

/// The way to the collector. Spans are gathered and sent every few seconds.
#[derive(Debug)]
pub(crate) struct Traces {
    provider: SdkTracerProvider,
}

impl Traces {
    /// To the collector at an address, such as `http://collector:4318`.
    pub(crate) fn to(endpoint: &Url, runtime: &Handle) -> Result<Self, TracesError> {
        // The library brings no cryptography; a provider that is there already is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        // Traces go to the collector that the operator named, and to nobody to whom its answer points.
        let no_redirects = reqwest::redirect::Policy::none();
        let http = reqwest::Client::builder().timeout(PATIENCE).redirect(no_redirects).build()?;
        let courier = Courier { http, runtime: runtime.clone(), is_heard: AtomicBool::new(true) };
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(courier)
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(format!("{}/v1/traces", endpoint.as_str().trim_end_matches('/')))
            .with_timeout(PATIENCE)
            .build()?;
        let resource = Resource::builder_empty()
            .with_attributes([
                KeyValue::new("service.name", "ebook-scene-packer"),
                KeyValue::new("service.version", env!("CARGO_PKG_VERSION")),
            ])
            .build();
        let provider = SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build();
        Ok(Self { provider })
    }

    /// What hears of spans.
    pub(crate) fn layer(&self) -> TracesLayer {
        TracesLayer { tracer: self.provider.tracer("server") }
    }

    /// Sends what is left, while the runtime is still there.
    pub(crate) fn end(self) {
        if let Err(error) = self.provider.shutdown() {
            tracing::warn!(%error, "the last traces were not sent");
        }
    }
}

/// Carries what was gathered, from the exporter's own thread through the runtime of the process.
#[derive(Debug)]
struct Courier {
    http: reqwest::Client,
    runtime: Handle,
    /// Whether the collector took the last ones: that it is away is said once.
    is_heard: AtomicBool,
}

#[async_trait]
impl HttpClient for Courier {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let (parts, body) = request.into_parts();
        let http = self.http.clone();
        // All of it in the runtime: the client's clock is the runtime's, too.
        let answer = async move {
            let request = http.request(parts.method, parts.uri.to_string()).headers(parts.headers).body(body);
            let answer = request.send().await?;
            let status = answer.status();
            Ok::<_, reqwest::Error>((status, answer.bytes().await?))
        };
        let outcome = self.runtime.spawn(answer).await?;
        let is_heard = outcome.as_ref().is_ok_and(|(status, _)| status.is_success());
        if self.is_heard.swap(is_heard, Ordering::Relaxed) != is_heard {
            let status = outcome.as_ref().map(|(status, _)| status.as_u16()).unwrap_or_default();
            tracing::warn!(is_heard, status, "the collector of traces");
        }
        let (status, body) = outcome?;
        let mut response = Response::new(body);
        *response.status_mut() = status;
        Ok(response)
    }
}

/// Makes a span for OpenTelemetry of each of ours that is one of [`SENT`].
#[derive(Debug)]
pub(crate) struct TracesLayer {
    tracer: SdkTracer,
}

/// A span that is not over yet.
struct Begun {
    at: SystemTime,
    fields: Fields,
}

#[derive(Default)]
struct Fields {
    request: Option<String>,
    /// The field that names the request.
    of_request: &'static str,
    attributes: Vec<KeyValue>,
}

impl Fields {
    fn take(&mut self, field: &Field, value: impl Into<Value>) {
        let value = value.into();
        if field.name() == self.of_request {
            self.request = Some(value.as_str().into_owned());
        }
        self.attributes.push(KeyValue::new(field.name(), value));
    }
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.take(field, value.to_owned());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.take(field, i64::try_from(value).unwrap_or(i64::MAX));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        self.take(field, format!("{value:?}"));
    }
}

/// The field of the request, of a span that is sent.
fn of_request(metadata: &Metadata<'_>) -> Option<&'static str> {
    SENT.iter().find(|(name, _)| *name == metadata.name()).map(|(_, field)| *field)
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for TracesLayer {
    fn enabled(&self, metadata: &Metadata<'_>, _context: layer::Context<'_, S>) -> bool {
        metadata.is_event() || *metadata.level() <= Level::INFO
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: layer::Context<'_, S>) {
        let (Some(of_request), Some(span)) = (of_request(attributes.metadata()), context.span(id)) else { return };
        let mut fields = Fields { of_request, ..Fields::default() };
        attributes.record(&mut fields);
        span.extensions_mut().insert(Begun { at: SystemTime::now(), fields });
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: layer::Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(begun) = span.extensions_mut().get_mut::<Begun>()
        {
            values.record(&mut begun.fields);
        }
    }

    fn on_close(&self, id: Id, context: layer::Context<'_, S>) {
        let Some(span) = context.span(&id) else { return };
        let Some(Begun { at, fields }) = span.extensions_mut().remove::<Begun>() else { return };
        let kind = if span.name() == "request" { SpanKind::Server } else { SpanKind::Consumer };
        let builder =
            SpanBuilder::from_name(span.name()).with_kind(kind).with_start_time(at).with_attributes(fields.attributes);
        let around = fields.request.as_deref().map_or_else(Context::new, trace_of);
        self.tracer.build_with_context(builder, &around).end();
    }
}

/// The trace of a request. Its id is mostly nginx's, which has the form of a trace's; any other gives one by its hash. What
/// stands around request and job is the proxy, which sends no spans.
fn trace_of(request: &str) -> Context {
    let hash = Sha256::digest(request);
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    let trace = if request.len() == 32 { TraceId::from_hex(request).ok() } else { None };
    let trace = trace.filter(|trace| *trace != TraceId::INVALID).unwrap_or(TraceId::from_bytes(bytes));
    let mut around = [0; 8];
    around.copy_from_slice(&hash[16..24]);
    let proxy = SpanContext::new(trace, SpanId::from_bytes(around), TraceFlags::SAMPLED, true, TraceState::default());
    Context::new().with_remote_span_context(proxy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_of_the_proxy_is_the_trace_and_any_other_has_one_of_its_own() {
        let trace = |id: &str| trace_of(id).span().span_context().trace_id();
        let given = "0123456789abcdef0123456789abcdef";
        assert_eq!(trace(given).to_string(), given);
        assert_eq!(trace("8k2x-9fq4"), trace("8k2x-9fq4"));
        assert_ne!(trace("8k2x-9fq4"), trace("8k2x-9fq5"));
        assert_ne!(trace(&"0".repeat(32)), TraceId::INVALID);
    }
}
