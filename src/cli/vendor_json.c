#include <glib.h>

#include "market/vendor_json.h"
#include "print_private.h"
#include "ruled_private.h"
#include "vendor_private.h"

void
vendor_print_json(const struct vendor_view *view)
{
	json_t *object = vendor_json(view->facts, view->book, view->profiles);
	json_t *rulings = json_array();

	for (guint i = 0; i < view->rulings->len; i++)
		json_array_append_new(rulings,
				      ruled_json(view->rulings->pdata[i]));
	json_object_set_new(object, "rulings", rulings);
	print_json(object);
}
