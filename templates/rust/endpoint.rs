{%- let rules = endpoint.rules %}
/// What holds for every connection to `{{ endpoint.path }}`, from before any other code of the endpoint runs.
struct {{ endpoint.camel }}Endpoint;

impl Endpoint for {{ endpoint.camel }}Endpoint {
    const NAME: &'static str = {{ rules.name }};
    const ORIGINS: Origins = {{ rules.origins }};
    const ACCEPT: Accept = {{ rules.accept }};
    const SUBPROTOCOLS: &'static [&'static str] = &[{% for name in rules.subprotocols %}{{ name }}, {% endfor %}];
    const MESSAGE_SIZE: usize = {{ rules.message_size }};
    const HEARTBEAT: Option<Duration> = {{ rules.heartbeat }};
    const IDLE: Option<Duration> = {{ rules.idle }};
    const SEND_TIMEOUT: Duration = {{ rules.send_timeout }};
    const CONNECTIONS: Option<usize> = {{ rules.connections }};
    {%- if let Some(lag) = rules.lag %}
    const LAG: Missed = {{ lag }};
    {%- endif %}
    {%- if let Some(gap) = rules.gap %}
    const GAP: Missed = {{ gap }};
    {%- endif %}
    const SHUTDOWN_CODE: CloseCode = {{ rules.shutdown_code }};
    const SHUTDOWN_REASON: &'static str = {{ rules.shutdown_reason }};
    const DRAIN: Duration = {{ rules.drain }};
}

{% if !endpoint.path_params.fields.is_empty() %}
/// The params in `{{ endpoint.path }}`.
{%- let fields = endpoint.path_params %}
{%- if fields.used < fields.fields.len() %}
#[allow(dead_code, reason = "extracted to be checked; not every field is used")]
{%- endif %}
{%- if !fields.lints.is_empty() %}
#[allow({% for lint in fields.lints %}clippy::{{ lint }}, {% endfor %}reason = "names and types are those of the spec")]
{%- endif %}
#[derive(Deserialize)]
struct {{ endpoint.camel }}Path {
    {%- for field in fields.fields %}
    {% if let Some(wire) = field.rename %}#[serde(rename = {{ wire }})]{% endif %}
    {{ field.ident }}: {{ field.ty }},
    {%- endfor %}
}
{% endif %}
{% if !endpoint.query.fields.is_empty() %}
/// The query string of `{{ endpoint.path }}`.
{%- let fields = endpoint.query %}
{%- if fields.used < fields.fields.len() %}
#[allow(dead_code, reason = "extracted to be checked; not every field is used")]
{%- endif %}
{%- if !fields.lints.is_empty() %}
#[allow({% for lint in fields.lints %}clippy::{{ lint }}, {% endfor %}reason = "names and types are those of the spec")]
{%- endif %}
#[derive(Deserialize)]
struct {{ endpoint.camel }}Query {
    {%- for field in fields.fields %}
    {% if let Some(wire) = field.rename %}#[serde(rename = {{ wire }})]{% endif %}
    {% if let Some(default) = field.default %}#[serde(default = {{ default.path }})]{% endif %}
    {{ field.ident }}: {{ field.ty }},
    {%- endfor %}
}
{% if endpoint.has_defaults() %}
impl {{ endpoint.camel }}Query {
    {%- for field in fields.fields %}{% if let Some(default) = field.default %}
    {%- if !default.lints.is_empty() %}
    #[allow({% for lint in default.lints %}clippy::{{ lint }}, {% endfor %}reason = "the number is that of the spec")]
    {%- endif %}
    fn {{ default.function }}() -> {{ field.ty }} {
        {{ default.value }}
    }
    {% endif %}{%- endfor %}
}
{% endif %}
{% endif %}
{% if let Some(handler) = endpoint.handler %}
/// What was extracted from a request to `{{ endpoint.path }}`.
{%- if handler.request.is_empty() %}
pub struct {{ endpoint.camel }}Request;
{%- else %}
#[allow(dead_code, reason = "a handler may need only some of it")]
{%- if !handler.lints.is_empty() %}
#[allow({% for lint in handler.lints %}clippy::{{ lint }}, {% endfor %}reason = "names and types are those of the spec")]
{%- endif %}
pub struct {{ endpoint.camel }}Request {
    {%- for field in handler.request %}
    /// {{ field.doc }}
    pub {{ field.ident }}: {{ field.ty }},
    {%- endfor %}
}
{%- endif %}

{% for line in endpoint.doc %}
/// {{ line }}
{%- if loop.last %}
///
{%- endif %}
{%- endfor %}
/// The code behind `{{ endpoint.path }}`: one value for each connected client.
///
/// A method returns `Err(Closed)` when the session is over; what [`Session::send`] and [`Session::close`] return can be
/// handed on with `?`. While a method runs, no other event of this client is looked at. What it sends leaves when there is
/// nothing more to do for this client, or at once with [`Session::flush`].
pub trait {{ handler.trait_name }}: Sized + Send {
    /// Phase one: decides at upgrade time who may enter, before there is a socket.
    ///
    /// An error answers the request with its status, and no socket is opened. `?` works on every error that is an axum
    /// `IntoResponse`. The socket may still fail to open: what others are to see belongs in `on_open`.
    {%- if !endpoint.subscriptions.is_empty() %}
    ///
    /// Channels are listened to already, so that nothing is missed: what this publishes to them comes back.
    {%- endif %}
    fn open(state: &{{ module.state.ty }}, request: {{ endpoint.camel }}Request) -> impl Future<Output = Result<Self, Rejection>> + Send;
    {% for method in handler.methods %}
    {%- match method.kind %}
    {%- when MethodKind::Open %}
    /// The socket is open, and nothing has happened on it yet: greet the client, send what it must know first.
    fn {{ method.name }}(&mut self, session: &mut Session) -> impl Future<Output = Result<(), Closed>> + Send {
        let _ = session;
        ready(Ok(()))
    }
    {%- when MethodKind::Message %}
    /// The client has sent a message.
    fn {{ method.name }}(&mut self, message: Message, session: &mut Session) -> impl Future<Output = Result<(), Closed>> + Send;
    {%- when MethodKind::Channel with (channel) %}
    /// Somebody has published a message to `{{ channel }}`.
    fn {{ method.name }}(&mut self, message: Message, session: &mut Session) -> impl Future<Output = Result<(), Closed>> + Send;
    {%- when MethodKind::OwnChannel %}
    /// A message of a channel that your code has subscribed to itself ([`Session::subscribe`]), with the label it gave.
    /// Without this method, the client gets it as it is.
    fn {{ method.name }}(&mut self, channel: &'static str, message: Message, session: &mut Session) -> impl Future<Output = Result<(), Closed>> + Send {
        let _ = channel;
        session.send(message)
    }
    {%- when MethodKind::Lag %}
    /// The client has fallen behind, and messages of a channel are lost to it: tell it, or close the session.
    fn {{ method.name }}(&mut self, lagged: Lagged, session: &mut Session) -> impl Future<Output = Result<(), Closed>> + Send;
    {%- when MethodKind::Gap %}
    /// After an outage between the replicas of the application: messages that others published to the channel of this label
    /// may be missing here. What comes from here on is complete again, so tell the client the present state, or have it ask
    /// for it, or close the session.
    fn {{ method.name }}(&mut self, channel: &'static str, session: &mut Session) -> impl Future<Output = Result<(), Closed>> + Send;
    {%- when MethodKind::Shutdown %}
    /// The server shuts down: say goodbye, save what must be saved. The close frame is sent afterwards.
    ///
    /// After [`Endpoint::DRAIN`] the session is cut, whether this is done or not.
    fn {{ method.name }}(&mut self, session: &mut Session) -> impl Future<Output = Result<(), Closed>> + Send;
    {%- when MethodKind::Close %}
    /// The session is over; [`Session::closed`] tells who closed it and why. Nothing can be sent any more.
    ///
    /// It is not called where a method panics or is cut at the end of [`Endpoint::DRAIN`], nor if the socket never opened
    /// after all: what must happen in any case belongs in `Drop`.
    fn {{ method.name }}(&mut self, session: &mut Session) -> impl Future<Output = ()> + Send {
        let _ = session;
        ready(())
    }
    {%- endmatch %}
    {% endfor %}
}
{% endif %}

{% for line in endpoint.doc %}
/// {{ line }}
{%- if loop.last %}
///
{%- endif %}
{%- endfor %}
/// Phase one of `{{ endpoint.path }}`: the HTTP request, before there is a socket.
{%- if !endpoint.lints.is_empty() %}
#[allow({% for lint in endpoint.lints %}clippy::{{ lint }}, {% endfor %}reason = "names and types are those of the spec")]
{%- endif %}
async fn {{ endpoint.name }}(
    {% if !endpoint.subscriptions.is_empty() %}mut {% endif %}upgrade: Upgrade<{{ endpoint.camel }}Endpoint>,
    {%- if endpoint.needs_state %}
    State(state): State<{{ module.state.ty }}>,
    {%- endif %}
    {%- if endpoint.needs_ws %}
    State(ws): State<autumn_ws::AppState>,
    {%- endif %}
    {%- if !endpoint.path_params.fields.is_empty() %}
    {% if endpoint.path_params.used > 0 %}Path(path){% else %}_{% endif %}: Path<{{ endpoint.camel }}Path>,
    {%- endif %}
    {%- if !endpoint.query.fields.is_empty() %}
    {% if endpoint.query.used > 0 %}Query(query){% else %}_{% endif %}: Query<{{ endpoint.camel }}Query>,
    {%- endif %}
    {%- if endpoint.extract_in_tuple %}
    ({% for extract in endpoint.extract %}{{ extract.ident }}, {% endfor %}): ({% for extract in endpoint.extract %}{{ extract.ty }}, {% endfor %}),
    {%- else %}
    {%- for extract in endpoint.extract %}
    {{ extract.ident }}: {{ extract.ty }},
    {%- endfor %}
    {%- endif %}
) -> {% if endpoint.handler.is_some() %}Result<Response>{% else %}Response{% endif %} {
    {%- if endpoint.touches_channels() %}
    let channels = {% if endpoint.needs_ws %}ws{% else %}state{% endif %}.channels();
    {%- endif %}
    {%- if let Some(topic) = endpoint.topic %}
    let topic = {{ topic }};
    {%- endif %}
    {%- if !endpoint.subscriptions.is_empty() %}
    // Listening starts here, so that nothing published while the socket opens is missed.
    {%- if endpoint.relays() %}
    // What is published to a relayed channel goes to the client as it is.
    {%- endif %}
    {%- for subscription in endpoint.subscriptions %}
    {%- let channel = subscription.channel %}
    {%- if let Some(capacity) = subscription.capacity %}
    let listener = channels.subscribe_with_capacity({{ channel.name }}, {{ capacity.item }});
    upgrade.{% if subscription.is_relayed %}relay{% else %}subscribe{% endif %}({{ channel.label }}, listener);
    {%- else %}
    upgrade.{% if subscription.is_relayed %}relay{% else %}subscribe{% endif %}({{ channel.label }}, channels.subscribe({{ channel.name }}));
    {%- endif %}
    {%- endfor %}
    {%- if endpoint.handler.is_some() %}
    // After this, what other replicas publish is heard as well: `open` may read state that they change.
    upgrade.joined().await;
    {%- endif %}
    {%- endif %}
    {%- if let Some(channel) = endpoint.publishes %}
    let publisher = channels.sender({{ channel.name }});
    {%- endif %}
    {%- if let Some(handler) = endpoint.handler %}
    {%- if handler.request.is_empty() %}
    let handler = {{ handler.ty }}::open(&state, {{ endpoint.camel }}Request).await?;
    {%- else %}
    let request = {{ endpoint.camel }}Request {
        {%- for field in handler.request %}
        {{ field.ident }}{% if let Some(from) = field.from %}: {{ from }}{% endif %},
        {%- endfor %}
    };
    let handler = {{ handler.ty }}::open(&state, request).await?;
    {%- endif %}
    Ok(upgrade.on_upgrade(move |session| {{ endpoint.name }}_session(session, handler{% if endpoint.publishes.is_some() %}, publisher{% endif %})).await)
    {%- else if endpoint.publishes.is_some() %}
    upgrade.on_upgrade(move |session| {{ endpoint.name }}_session(session, publisher)).await
    {%- else %}
    upgrade.on_upgrade({{ endpoint.name }}_session).await
    {%- endif %}
}

{% if let Some(handler) = endpoint.handler %}
/// Phase two of `{{ endpoint.path }}`: owns the live socket until it closes.
async fn {{ endpoint.name }}_session(mut session: Session, mut handler: {{ handler.ty }}{% if endpoint.publishes.is_some() %}, publisher: Sender{% endif %}) -> Result<(), Closed> {
    let ended = {{ endpoint.name }}_events(&mut session, &mut handler{% if endpoint.publishes.is_some() %}, &publisher{% endif %}).await;
    handler.on_close(&mut session).await;
    ended
}

/// Answers one event after the other, in the order in which they come.
{%- if endpoint.is_long() %}
#[allow(clippy::too_many_lines, reason = "each of many channels has its place")]
{%- endif %}
async fn {{ endpoint.name }}_events(session: &mut Session, handler: &mut {{ handler.ty }}{% if endpoint.publishes.is_some() %}, publisher: &Sender{% endif %}) -> Result<(), Closed> {
{% else %}
/// Phase two of `{{ endpoint.path }}`: owns the live socket until it closes.
async fn {{ endpoint.name }}_session(mut session: Session{% if endpoint.publishes.is_some() %}, publisher: Sender{% endif %}) -> Result<(), Closed> {
{% endif %}
    {%- if endpoint.handler.is_some() %}
    handler.on_open(session).await?;
    {%- endif %}
    while let Some(event) = session.next().await {
        {%- if endpoint.arms.is_empty() %}
        session.fallback(event).await?;
        {%- else %}
        match event {
            {%- for arm in endpoint.arms %}
            // {{ arm.comment }}
            {%- match arm.pattern %}
            {%- when Pattern::Message %}
            Event::Message(message)
            {%- when Pattern::Channel with (label) %}
            Event::Channel({{ label }}, message)
            {%- when Pattern::LabelledChannel %}
            Event::Channel(channel, message)
            {%- when Pattern::Lagged %}
            Event::Lagged(lagged)
            {%- when Pattern::Gap %}
            Event::Gap(channel)
            {%- when Pattern::Shutdown %}
            Event::Shutdown
            {%- endmatch %} => {
            {%- match arm.action %}
            {%- when Action::Send %} session.send(message).await?
            {%- when Action::Publish %} publisher.send(message);
            {%- when Action::Handle with (method) %} handler.{{ method }}({{ arm.binding() }}, session).await?
            {%- when Action::HandleGoodbye %} handler.on_shutdown(session).await?; session.goodbye().await?
            {%- endmatch %} }
            {%- endfor %}
            event => session.fallback(event).await?,
        }
        {%- endif %}
    }
    Ok(())
}
