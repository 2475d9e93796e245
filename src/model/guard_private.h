/*
 * The golden set held against a starter in the making: mail that must never
 * be held decides whether it may serve.
 */
#ifndef MODEL_GUARD_PRIVATE_H
#define MODEL_GUARD_PRIVATE_H

#include <glib.h>

#include "model/calibrate.h"
#include "model/starter.h"
#include "training_private.h"

/*
 * Whether the model, as trained, holds none (GOLDEN_HOLD) of the corpora's
 * business, transactional and list mail, as the labels say now, nor of the mail
 * that starter->golden knows, whatever the labels say now. Else
 * MODEL_ERROR_REFUSED, which names them.
 */
gboolean guard_allows(const struct starter *starter,
		      const struct training *training,
		      const struct linear *linear,
		      const struct sigmoid *sigmoid, GError **error);

#endif
