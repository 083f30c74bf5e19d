/* api/schemas.h: the shapes of replies, for OpenAPI: what the entity tables do not say.
 *
 * A row names a type, the entity it extends (or NULL) and its further members: "name:type, name?:type". Types:
 * string integer number boolean object any null, Name (of another row or an entity), [T] array, {T} map of T, T|null.
 * A member with "?" may be absent. Replies with members that are not described are a defect.
 */
#pragma once
#include "base/buf.h"
#include "model/entity.h"

typedef struct Schema {
    const char *name;
    const Entity *entity;
    const char *members;
} Schema;
extern const Schema SCHEMAS[]; /* ends with name NULL */

/* Writes the JSON schema of a type of the grammar above. */
void schema_write_type(Str type, Buf *out);
/* Writes {"Name":{…},…}: all rows, and the entities that no row extends under their own name. */
void schemas_write(Buf *out);
