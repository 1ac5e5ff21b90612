//! How the sections of the table of keys are read.

use super::{
    field::{ReadField, ReadSection},
    reader::{Fields, Reader},
};
use crate::{
    place::{At, SourceId},
    spec::{
        Channel, Endpoint, Limits, LongAction, LongClose, LongField, LongParam, LongPlaces,
        LongQueryField, LongSubscribe, LongType, LongVariant, MessageBody, Policy, Publish,
        Shutdown, Spec, TypeBody, Wire,
        keys::{records, settings},
    },
    value::Name,
};

/// The key of a field.
macro_rules! key {
    ($field:ident) => {
        stringify!($field)
    };
    ($field:ident $key:literal) => {
        $key
    };
}

macro_rules! reading {
    ($(
        $(#[doc = $doc:literal])+
        $Name:ident $(($($id:ident: $Id:ty)?))? $what:literal {
            $(
                $(#[doc = $key_doc:literal])+
                $field:ident $(as $key:literal)?: $Type:ty $(= $default:expr)? $(, required $help:literal)?;
            )*
            $(..$shared:ident: $Shared:ty;)?
            $(+ $others:ident: $Others:ty, $others_doc:literal;)?
        }
    )*) => { $(
        impl ReadSection for $Name {
            type Id = ($($($Id,)?)?);

            fn read(id: Self::Id, fields: &Fields, reader: &mut Reader) -> Self {
                let ($($($id,)?)?) = id;
                Self {
                    $($($id,)?)?
                    $($field: ReadField::read(fields.get(key!($field $($key)?)).as_ref(), reader),)*
                    $($shared: <$Shared as ReadSection>::read((), fields, reader),)?
                    $($others: fields.others(reader),)?
                }
            }
        }
    )* };
}

settings!(reading);
records!(reading);
