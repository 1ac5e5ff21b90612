{% for line in endpoint.doc %}
///{{ line }}
{%- endfor %}
{%- if endpoint.doc_allows %}
#[allow(clippy::all, clippy::pedantic, rustdoc::all, reason = "the text is the spec's")]
{%- endif %}
{% if endpoint.is_public() %}#[derive(Clone, Copy, Debug)]
pub {% endif %}struct {{ endpoint.camel }}Endpoint;

{% if !endpoint.closes.is_empty() %}
impl {{ endpoint.camel }}Endpoint {
{%- for close in endpoint.closes %}
    {%- for line in close.doc %}
    ///{{ line }}
    {%- endfor %}
    {%- if close.allows %}
    #[allow(clippy::all, clippy::pedantic, rustdoc::all, reason = "the text is the spec's")]
    {%- endif %}
    pub const {{ close.name }}: CloseCode = {{ close.code }};
{%- endfor %}
}
{% endif %}

impl Endpoint for {{ endpoint.camel }}Endpoint {
    {%- for constant in endpoint.constants %}
    const {{ constant.name }}: {{ constant.ty }} = {{ constant.value }};
    {%- endfor %}
}

{% if let Some(typed) = endpoint.typed %}{% include "rust/typed.rs" %}{% endif %}

{% for deserialized in endpoint.deserialized %}
#[derive({{ crates.serde }}::Deserialize)]
{%- if let Some(path) = crates.serde_elsewhere %}
#[serde(crate = {{ path }})]
{%- endif %}
{%- if deserialized.allows %}
#[allow(clippy::all, clippy::pedantic, reason = "names and types are the spec's")]
{%- endif %}
struct {{ deserialized.name }} {
    {%- for field in deserialized.fields %}
    {%- for attribute in field.attributes %}
    #[serde({{ attribute }})]
    {%- endfor %}
    {{ field.ident }}: {{ field.ty }},
    {%- endfor %}
}

{% for (field, default) in deserialized.defaults() %}
{%- if loop.first %}
impl {{ deserialized.name }} {
{%- else %}
{% endif %}
{%- if default.allows %}
    #[allow(clippy::all, clippy::pedantic, reason = "the number is the spec's")]
{%- endif %}
    fn {{ default.function }}() -> {{ field.ty }} {
        {{ default.value }}
    }
{%- if loop.last %}
}
{%- endif %}
{% endfor %}
{% endfor %}

{% if let Some(handler) = endpoint.handler %}{% include "rust/trait.rs" %}{% endif %}

{% if endpoint.allows %}
#[allow(clippy::all, clippy::pedantic, reason = "names and types are the spec's")]
{%- endif %}
async fn {{ endpoint.name }}({% for parameter in endpoint.parameters %}{% if !loop.first %}, {% endif %}{{ parameter.pattern }}: {{ parameter.ty }}{% endfor %}) -> {% if endpoint.may_refuse %}Result<Response>{% else %}Response{% endif %} {
    {%- for variable in endpoint.variables %}
    let {{ variable.ident }} = {{ variable.value }};
    {%- endfor %}
    {%- for places in endpoint.places %}
    upgrade.{{ places }}?;
    {%- endfor %}
    {%- if let Some(variable) = endpoint.channels.variable %}
    let channels = {{ variable }};
    {%- endif %}
    {%- if let Some(topic) = endpoint.topic %}
    let topic = {{ topic }};
    {%- endif %}
    {%- for subscription in endpoint.subscriptions %}
    upgrade.{{ subscription.method }}({{ subscription.label }}, {% if subscription.is_typed -%}
        {{ subscription.name }}.subscribe({{ endpoint.channels.code }})
        {%- else -%}
        {{ endpoint.channels.code }}.
        {%- if let Some(capacity) = subscription.capacity -%}
        subscribe_with_capacity({{ subscription.name }}, {{ capacity }})
        {%- else -%}
        subscribe({{ subscription.name }})
        {%- endif -%}
        {%- endif -%}
        );
    {%- endfor %}
    {%- for publisher in endpoint.publishers %}
    let {{ publisher.variable }} = {{ publisher.value }};
    {%- endfor %}
    {%- if let Some(handler) = endpoint.handler %}
    {%- if handler.joins %}
    // `open` may read state that other replicas change: from here on, they are heard.
    upgrade.joined().await;
    {%- endif %}
    {%- if handler.request.is_empty() %}
    let handler = {{ handler.ty }}::open(&state, {{ endpoint.camel }}Request).await?;
    {%- else %}
    let request = {{ endpoint.camel }}Request { {%- for field in handler.request %} {{ field.ident }}{% if let Some(from) = field.from %}: {{ from }}{% endif %}{% if !loop.last %},{% endif %}{% endfor %} };
    // Your code may leave some of them unread.
    {%- if handler.request.len() == 1 %}
    let _ = {% for field in handler.request %}&request.{{ field.ident }}{% endfor %};
    {%- else %}
    let _ = ({% for field in handler.request %}&request.{{ field.ident }}{% if !loop.last %}, {% endif %}{% endfor %});
    {%- endif %}
    let handler = {{ handler.ty }}::open(&state, request).await?;
    {%- endif %}
    {%- endif %}
    {% if endpoint.may_refuse %}Ok({% endif %}upgrade.on_upgrade({{ endpoint.serve }}).await{% if endpoint.may_refuse %}){% endif %}
}

{% if let Some(handler) = endpoint.handler %}
async fn {{ endpoint.name }}_session(mut session: {{ endpoint.session }}, mut handler: {{ handler.ty }}{% for publisher in endpoint.publishers %}, {{ publisher.variable }}: {{ publisher.ty }}{% endfor %}) -> Result<(), Closed> {
    let ended = {{ endpoint.name }}_events(&mut session, &mut handler{% for publisher in endpoint.publishers %}, &{{ publisher.variable }}{% endfor %}).await;
    handler.on_close(&mut session).await;
    ended
}

async fn {{ endpoint.name }}_events(session: &mut {{ endpoint.session }}, handler: &mut {{ handler.ty }}{% for publisher in endpoint.publishers %}, {{ publisher.variable }}: &{{ publisher.ty }}{% endfor %}) -> Result<(), Closed> {
    handler.on_open(session).await?;
{%- else %}
async fn {{ endpoint.name }}_session(mut session: {{ endpoint.session }}{% for publisher in endpoint.publishers %}, {{ publisher.variable }}: {{ publisher.ty }}{% endfor %}) -> Result<(), Closed> {
{%- endif %}
    while let Some(event) = session.next().await {
        {%- if endpoint.arms.is_empty() %}
        session.fallback(event).await?;
        {%- else %}
        match event {
            {%- for arm in endpoint.arms %}
            {%- if let Some(comment) = arm.comment %}
            // {{ comment }}
            {%- endif %}
            {%- match arm.action %}
            {%- when Action::Send %}
            {{ arm.pattern }} => session.send(message).await?,
            {%- when Action::Line with (line) %}
            {{ arm.pattern }} => {{ line }}
            {%- when Action::Block with (lines) %}
            {{ arm.pattern }} => {
                {%- for line in lines %}
                {{ line }}
                {%- endfor %}
            }
            {%- when Action::Handle with { method, arguments } %}
            {{ arm.pattern }} => handler.{{ method }}({{ arguments }}).await?,
            {%- when Action::Goodbye %}
            {{ arm.pattern }} => {
                handler.on_shutdown(session).await?;
                session.goodbye().await?;
            }
            {%- endmatch %}
            {%- endfor %}
            event => session.fallback(event).await?,
        }
        {%- endif %}
    }
    Ok(())
}
