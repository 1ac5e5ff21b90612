{%- if !is_included %}
#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(missing_copy_implementations, missing_debug_implementations, redundant_imports, unreachable_pub, reason = "for every edition, and the rest of the application")]
{%- endif %}
{%- for line in module.about %}
{{ inner_doc }}{{ line }}
{%- endfor %}
{%- for endpoint in module.endpoints %}
{{ inner_doc }} * `{{ endpoint.path }}` hears {{ endpoint.summary.hears }}; a client's message {{ endpoint.summary.message }}.
{%- endfor %}

{% if let Some(messages) = module.messages %}
{{ messages }}
{%- endif %}

{% for child in module.handlers %}
{%- if child.is_namesake %}
#[allow(clippy::module_inception, reason = "an endpoint may be called like its spec")]
{%- endif %}
mod {{ child.name }};
{%- endfor %}

{% for child in module.children %}{% if child.is_declared %}{% include "rust/child.rs" %}{% endif %}{% endfor %}

{% for import in module.imports %}
use {{ import.root }}::{{ import.names }};
{%- endfor %}

/// Mounts these endpoints: HTTP/1.1 upgrades with GET, HTTP/2 with CONNECT (RFC 8441). Other methods get 405.
{%- for line in module.doc %}
{%- if loop.first %}
///
{%- endif %}
///{{ line }}
{%- endfor %}
{%- if module.allows %}
#[allow(clippy::all, clippy::pedantic, rustdoc::all, reason = "texts and lengths are the spec's")]
{%- endif %}
{% let state = module.state %}{% include "rust/router.rs" %}
    Router::new()
    {%- for endpoint in module.endpoints %}
        .route({{ endpoint.route }}, get({{ endpoint.name }}).fallback({{ endpoint.name }}){% if let Some(layer) = endpoint.layer %}.layer({{ layer }}){% endif %})
    {%- endfor %}
    {%- for child in module.children %}
        .merge({{ child.name }}::router())
    {%- endfor %}
}

{% for channel in module.channels %}
{%- if channel.fills.is_empty() %}
/// The channel `{{ channel.key }}`.
pub const {{ channel.item }}: {{ channel.ty }} = {{ channel.maker }}::fixed({{ channel.pattern }}){% if let Some(capacity) = channel.inline_capacity %}.capacity({{ capacity }}){% endif %};
{%- else %}
/// The channel `{{ channel.key }}`: `{{ channel.shown }}`, with values escaped.
#[must_use]
{%- if channel.allows %}
#[allow(clippy::all, clippy::pedantic, reason = "names are the spec's")]
{%- endif %}
pub fn {{ channel.item }}({% for fill in channel.fills %}{% if !loop.first %}, {% endif %}{{ fill.pattern }}: {{ fill.ty }}{% endfor %}) -> {{ channel.ty }} {
    {{ channel.maker }}::filled({{ channel.pattern }}, format!({{ channel.format }}{% for fill in channel.fills %}, {{ crates.autumn_ws }}::escape({{ fill.pattern }}){% endfor %}))
    {%- if let Some(capacity) = channel.inline_capacity %}
        .capacity({{ capacity }})
    {%- endif %}
}
{%- endif %}
{%- if let Some(ty) = channel.unused %}

// Other code may publish to it.
const _: {{ ty }} = {{ channel.item }};
{%- endif %}

{% if let Some(capacity) = channel.capacity %}
/// How many messages a listener of `{{ channel.key }}` may fall behind before it misses some.
const {{ capacity.item }}: usize = {{ capacity.value }};

{% endif %}
{% if let Some(incoming) = channel.carries %}
{% include "rust/incoming.rs" %}

{% for variant in incoming.variants %}
{%- if let Some(payload) = variant.payload %}
impl Carried<{{ incoming.name }}> for {{ payload }} {}
{%- endif %}
{%- endfor %}

{% endif %}
{%- endfor %}
{% for endpoint in module.endpoints %}
{% include "rust/endpoint.rs" %}
{% endfor %}
