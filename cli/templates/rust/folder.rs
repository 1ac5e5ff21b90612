{%- if !is_included %}
#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(unreachable_pub, reason = "public for the rest of the application")]
{%- endif %}
{{ inner_doc }} The WebSocket endpoints {% if folder.path.is_empty() %}of this application{% else %}in `{{ folder.path.join("/") }}`{% endif %}.

{% for child in folder.children %}{% if child.is_declared %}{% include "rust/child.rs" %}{% endif %}{% endfor %}

{% if folder.state.is_default %}
use {{ crates.autumn_ws }}::AppState;
{%- endif %}
use {{ crates.axum }}::Router;

/// Mounts every endpoint{% if !folder.path.is_empty() %} of this folder{% endif %}. Merge it into a router of your own, nest it under a prefix, or wrap it in layers.
{%- if is_included %}
#[allow(unreachable_pub, reason = "public for the rest of the application")]
{%- endif %}
{% let state = folder.state %}{% include "rust/router.rs" %}
    Router::new()
    {%- for child in folder.children %}
        .merge({{ child.name }}::router())
    {%- endfor %}
}
