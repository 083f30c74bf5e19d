/* api/form.h: one file in a form. */
#pragma once
#include "api/route.h"

typedef struct FormFileErrors {
    Err is_no_form, has_none, is_too_large;
} FormFileErrors;
/* The file of that name in a multipart body: not empty, at most `limit_bytes`. */
Err req_form_file(Req *req, const char *name, int64_t limit_bytes, FormFileErrors errors, Str *ret_bytes);
/* A value of that name; STR_EMPTY when there is none. The body is a form: req_form_file said so. */
Str req_form_value(Req *req, const char *name);
