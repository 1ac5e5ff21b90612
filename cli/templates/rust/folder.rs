{%- if !is_included %}
#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(unreachable_pub, reason = "public for the rest of the application")]
{%- endif %}
{{ inner_doc }} The WebSocket endpoints {% if folder.path.is_empty() %}of this application{% else %}in `{{ folder.path.join("/") }}`{% endif %}.

{% for child in folder.children %}{% if child.is_declared %}{% include "rust/child.rs" %}{% endif %}{% endfor %}

{% if folder.state.is_default %}
use autumn_ws::AppState;
{%- endif %}
use axum::Router;

{% if folder.path.is_empty() && !folder.state.is_default %}
/// The sockets find their channels and their shutdown in your state: if this does not compile, write
/// `impl FromRef<{{ folder.state.own }}> for autumn_ws::AppState`.
const _: fn(&{{ folder.state.ty }}) -> autumn_ws::AppState = axum::extract::FromRef::from_ref;
{% endif %}

/// Mounts every endpoint{% if !folder.path.is_empty() %} of this folder{% endif %}. Merge it into a router of your own, nest it under a prefix, or wrap it in layers.
{%- if is_included %}
#[allow(unreachable_pub, reason = "public for the rest of the application")]
{%- endif %}
pub fn router() -> Router<{{ folder.state.ty }}> {
    Router::new()
    {%- for child in folder.children %}
        .merge({{ child.name }}::router())
    {%- endfor %}
}
