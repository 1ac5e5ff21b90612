{%- for line in module.doc %}
//! {{ line }}
{%- endfor %}
{%- if !module.doc.is_empty() %}
//!
{%- endif %}
//! | endpoint | path | hears | a client's message |
//! | --- | --- | --- | --- |
{%- for endpoint in module.endpoints %}
//! | `{{ endpoint.name }}` | `{{ endpoint.path }}` | {{ endpoint.summary.hears }} | {{ endpoint.summary.message }} |
{%- endfor %}
//!
//! An endpoint has two phases. The function of its name answers the HTTP request: it extracts, sets up, and may still
//! refuse with a status. The function that ends in `_session` owns the live socket from then on, until it closes.
//!
//! The constants of its [`Endpoint`] say what holds for every connection:
//!
//! * `ORIGINS`, `CONNECTIONS`: pages of other origins get 403, whoever is too many gets 503, before anything is extracted.
//! * `ACCEPT`, `MESSAGE_SIZE`: a message of another kind closes with 1003, a larger one (in bytes) with 1009.
//! * `HEARTBEAT`, `IDLE`: who is silent is pinged, and who does not even answer that is closed with 1001.
//! * `SEND_TIMEOUT`: who takes no bytes for so long is cut.
//! * `SHUTDOWN_CODE`, `SHUTDOWN_REASON`, `DRAIN`: what clients are told when the server stops, and how long that may take.
{% for endpoint in module.endpoints %}{% if endpoint.handler.is_some() %}
{% if module.is_named(endpoint.name.as_str()) %}#[allow(clippy::module_inception, reason = "an endpoint may be called like its spec")]{% endif %}
mod {{ endpoint.name }};
{% endif %}{% endfor %}
{% for child in module.children %}
{% if module.is_named(child) %}#[allow(clippy::module_inception, reason = "a spec may be called like its folder")]{% endif %}
pub mod {{ child }};
{% endfor %}
{% for group in module.imports %}{% for line in group %}
{{ line }}
{%- endfor %}
{% endfor %}

/// Mounts the endpoints of this module.
///
/// HTTP/1.1 upgrades with GET, HTTP/2 with CONNECT (RFC 8441).
{%- if module.is_long() %}
#[allow(clippy::too_many_lines, reason = "each of many endpoints has its line")]
{%- endif %}
pub fn router() -> Router<{{ module.state.ty }}> {
    Router::new()
    {%- for endpoint in module.endpoints %}
        .route({{ endpoint.route }}, get({{ endpoint.name }}).connect({{ endpoint.name }}))
    {%- endfor %}
    {%- for child in module.children %}
        .merge({{ child }}::router())
    {%- endfor %}
}

{% for channel in module.channels %}
{% if channel.fills.is_empty() %}
/// The name of the channel `{{ channel.key }}`.
pub const {{ channel.item }}: ChannelName = ChannelName::fixed({{ channel.format }});
{% else %}
/// The name of the channel `{{ channel.key }}`: `{{ channel.shown }}`.
///
/// Values are escaped, so that none of them can name another channel. Metrics count by the pattern.
{%- if !channel.lints.is_empty() %}
#[allow({% for lint in channel.lints %}clippy::{{ lint }}, {% endfor %}reason = "names are those of the spec")]
{%- endif %}
#[must_use]
pub fn {{ channel.item }}({% for fill in channel.fills %}{{ fill }}: &(impl Display + ?Sized), {% endfor %}) -> ChannelName {
    ChannelName::filled({{ channel.pattern }}, format!({{ channel.format }}{% for fill in channel.fills %}, autumn_ws::escape({{ fill }}){% endfor %}))
}
{% endif %}
{% if let Some(capacity) = channel.capacity %}
/// How many messages a listener of `{{ channel.key }}` may fall behind before it misses some.
const {{ capacity.item }}: usize = {{ capacity.value }};
{% endif %}
{% endfor %}

{% for endpoint in module.endpoints %}{% include "rust/endpoint.rs" %}{% endfor %}
