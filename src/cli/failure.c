#include "failure_private.h"

#include <stdio.h>
#include <sysexits.h>

#include "base/error.h"
#include "base/escape.h"
#include "market/vendor.h"
#include "model/model.h"
#include "print_private.h"
#include "profile/faults.h"
#include "review/outbox.h"
#include "review/release.h"
#include "store/store.h"

#define EXIT_NO 1

GQuark
cli_error_quark(void)
{
	return g_quark_from_static_string("cli-error");
}

static const int cli_codes[] = {
	[CLI_ERROR_USAGE] = EX_USAGE,
	[CLI_ERROR_NO] = EXIT_NO,
	[CLI_ERROR_EXISTS] = EX_CANTCREAT,
};

static const int base_codes[] = {
	[BASE_ERROR_IO] = EX_IOERR,	 [BASE_ERROR_NOT_FOUND] = EX_NOINPUT,
	[BASE_ERROR_LIMIT] = EX_DATAERR, [BASE_ERROR_INVALID] = EX_DATAERR,
	[BASE_ERROR_DENIED] = EX_NOPERM, [BASE_ERROR_BUSY] = EX_TEMPFAIL,
};

static const int profile_codes[] = { [PROFILE_ERROR_FAULTS] = EX_CONFIG };

static const int store_codes[] = {
	[STORE_ERROR_AWAY] = EX_UNAVAILABLE,
	[STORE_ERROR_FULL] = EX_IOERR,
	[STORE_ERROR_BUSY] = EX_TEMPFAIL,
	[STORE_ERROR_TIME] = EX_TEMPFAIL,
	[STORE_ERROR_BROKEN] = EX_DATAERR,
	[STORE_ERROR_NOT_FOUND] = EX_NOINPUT,
	[STORE_ERROR_CONFLICT] = EXIT_NO,
	[STORE_ERROR_NEWER] = EX_DATAERR,
};

static const int model_codes[] = {
	[MODEL_ERROR_ABSENT] = EX_UNAVAILABLE,
	[MODEL_ERROR_BROKEN] = EX_DATAERR,
	[MODEL_ERROR_VERSION] = EX_DATAERR,
	[MODEL_ERROR_DATA] = EX_DATAERR,
	[MODEL_ERROR_REFUSED] = EXIT_NO,
};

static const int release_codes[] = {
	[RELEASE_ERROR_REFUSED] = EX_UNAVAILABLE,
	[RELEASE_ERROR_UNKNOWN] = EX_TEMPFAIL,
	[RELEASE_ERROR_STATE] = EXIT_NO,
};

static const int outbox_codes[] = {
	[OUTBOX_ERROR_DONE] = EXIT_NO,
	[OUTBOX_ERROR_BUSY] = EX_TEMPFAIL,
	[OUTBOX_ERROR_UNKNOWN] = EX_TEMPFAIL,
	[OUTBOX_ERROR_REFUSED] = EX_UNAVAILABLE,
};

static const int vendor_codes[] = { [VENDOR_ERROR_CARDS] = EX_USAGE };

int
failure_code(const GError *error)
{
	const struct {
		const int *codes;
		GQuark domain;
		int n;
	} table[] = {
		{ cli_codes, CLI_ERROR, G_N_ELEMENTS(cli_codes) },
		{ base_codes, BASE_ERROR, G_N_ELEMENTS(base_codes) },
		{ profile_codes, PROFILE_ERROR, G_N_ELEMENTS(profile_codes) },
		{ store_codes, STORE_ERROR, G_N_ELEMENTS(store_codes) },
		{ model_codes, MODEL_ERROR, G_N_ELEMENTS(model_codes) },
		{ release_codes, RELEASE_ERROR, G_N_ELEMENTS(release_codes) },
		{ outbox_codes, OUTBOX_ERROR, G_N_ELEMENTS(outbox_codes) },
		{ vendor_codes, VENDOR_ERROR, G_N_ELEMENTS(vendor_codes) },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
		if (error->domain == table[i].domain && error->code >= 0 &&
		    error->code < table[i].n)
			return table[i].codes[error->code];
	}
	if (error->domain == G_OPTION_ERROR || error->domain == G_CONVERT_ERROR)
		return EX_USAGE;
	return EX_SOFTWARE;
}

void
failure_print(const GError *error)
{
	g_autofree char *text = escape_text(error->message, TRUE);

	fprintf(stderr, "%s%s\n",
		error->domain == PROFILE_ERROR ? "" : "pitchward: ", text);
}

int
failure_exit(const GError *error)
{
	failure_print(error);
	return failure_code(error);
}

int
failure_worse(int a, int b)
{
	return MAX(a, b);
}
