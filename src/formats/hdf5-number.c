/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "formats/hdf5-number.h"

#include "base/model-error.h"

/* Where the fields of an IEEE 754 format lie. */
typedef struct {
  gsize size;
  size_t sign, exponent, exponent_size, mantissa, mantissa_size, bias;
} FloatFormat;

static const FloatFormat float_formats[] = {
  { 2, 15, 10, 5, 0, 10, 15 },
  { 4, 31, 23, 8, 0, 23, 127 },
  { 8, 63, 52, 11, 0, 52, 1023 },
};

static gboolean
is_ieee_float (hid_t type, gsize size)
{
  size_t sign, exponent, exponent_size, mantissa, mantissa_size;

  if (H5Tget_fields (type, &sign, &exponent, &exponent_size, &mantissa,
          &mantissa_size)
      < 0)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (float_formats); i++) {
    const FloatFormat *format = &float_formats[i];

    if (format->size == size)
      return format->sign == sign && format->exponent == exponent
          && format->exponent_size == exponent_size
          && format->mantissa == mantissa
          && format->mantissa_size == mantissa_size
          && H5Tget_ebias (type) == format->bias
          && H5Tget_norm (type) == H5T_NORM_IMPLIED;
  }
  return FALSE;
}

gboolean
hdf5_number_init (StoredNumber *number, hid_t type, GError **error)
{
  H5T_class_t class = H5Tget_class (type);
  gsize size = H5Tget_size (type);
  gboolean known = FALSE;

  if ((class == H5T_FLOAT || class == H5T_INTEGER)
      && (size == 1 || size == 2 || size == 4 || size == 8)
      && H5Tget_precision (type) == 8 * size && H5Tget_offset (type) == 0) {
    H5T_order_t order = H5Tget_order (type);

    number->size = size;
    number->is_float = class == H5T_FLOAT;
    number->is_signed = !number->is_float && H5Tget_sign (type) == H5T_SGN_2;
    number->is_big_endian = order == H5T_ORDER_BE;
    known = (order == H5T_ORDER_LE || order == H5T_ORDER_BE)
        && (!number->is_float || is_ieee_float (type, size));
  }
  if (!known) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_UNSUPPORTED,
        "holds numbers of a type that is not supported (class %d, "
        "%" G_GSIZE_FORMAT " bytes); save the model with float32 weights",
        class, size);
  }
  return known;
}
