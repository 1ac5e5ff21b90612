/// An open socket of `{{ endpoint.path }}`.
pub type {{ endpoint.session }} = {{ crates.autumn_ws }}::messages::Session<{{ endpoint.camel }}Endpoint>;

impl Typed for {{ endpoint.camel }}Endpoint {
    type Incoming = {{ typed.said }};
    {%- if typed.closes %}

    const ON_INVALID: OnInvalid = OnInvalid::Close;
    {%- endif %}
}

{% for heard in typed.heard %}
impl ToClient<{{ endpoint.camel }}Endpoint> for {{ heard }} {}
{%- endfor %}
{%- for joined in typed.joined %}
impl OnDemand<{{ endpoint.camel }}Endpoint> for {{ joined }} {}
{%- endfor %}
{%- if typed.hears_anything %}
impl RawToClient for {{ endpoint.camel }}Endpoint {}
{%- endif %}

{% if let Some(incoming) = typed.incoming %}
{% include "rust/incoming.rs" %}
{% endif %}

{% for replies in typed.replies %}
/// What `{{ replies.kind }}` is answered with.
#[allow(clippy::all, clippy::pedantic, rustdoc::all, reason = "names and sizes are the spec's")]
#[derive({{ replies.derives }})]
pub enum {{ replies.name }} {
    {%- for (ident, ty) in replies.variants %}
    /// The reply [`{{ ty }}`].
    {{ ident }}({{ ty }}),
    {%- endfor %}
}

{% for (ident, ty) in replies.variants %}
impl From<{{ ty }}> for {{ replies.name }} {
    fn from(reply: {{ ty }}) -> Self {
        Self::{{ ident }}(reply)
    }
}

{% endfor %}
{% endfor %}
{% for answer in typed.answers %}
/// The answer to `{{ answer.kind }}`: it is sent in parts, by whichever task has it.
pub type {{ answer.name }} = Answer<{{ answer.marker }}>;

/// Says what the answer to `{{ answer.kind }}` consists of.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::all, clippy::pedantic, rustdoc::all, reason = "names are the spec's")]
pub enum {{ answer.marker }} {}

{% for part in answer.parts %}
impl PartOf<{{ answer.marker }}> for {{ part }} {}
{%- endfor %}
{%- for reply in answer.replies %}
impl ReplyTo<{{ answer.marker }}> for {{ reply }} {}
{%- endfor %}

{% endfor %}
