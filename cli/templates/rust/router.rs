{%- if state.is_default -%}
pub fn router() -> Router<{{ state.ty }}> {
{%- else -%}
pub fn router() -> Router<{{ state.ty }}>
where
    // The sockets find their channels and their shutdown in your state: implement this for `{{ state.own }}`.
    {{ crates.autumn_ws }}::AppState: {{ crates.axum }}::extract::FromRef<{{ state.ty }}>,
{
{%- endif %}
