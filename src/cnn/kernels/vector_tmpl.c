/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Part of kernels_tmpl.c: vectors of VECTOR floats. */

#if VECTOR == 1
typedef gfloat Vector;
typedef guint32 Bits;
#define FIRST(vector) (vector)
#else
typedef gfloat Vector __attribute__ ((vector_size (VECTOR * sizeof (gfloat))));
typedef guint32 Bits __attribute__ ((vector_size (VECTOR * sizeof (guint32))));
#define FIRST(vector) (vector)[0]
#endif

#define INLINE static inline __attribute__ ((always_inline))

#if defined(__clang__)
#define UNROLL _Pragma ("clang loop unroll(full)")
#else
#define UNROLL _Pragma ("GCC unroll 16")
#endif

INLINE Vector
load (const gfloat *from)
{
  Vector vector;

  memcpy (&vector, from, sizeof vector);
  return vector;
}

INLINE void
store (gfloat *to, Vector vector)
{
  memcpy (to, &vector, sizeof vector);
}

/* The bits of the floats. What would be a cast of vectors is none of
 * scalars. */
INLINE Bits
bits_of (Vector vector)
{
  Bits bits;

  memcpy (&bits, &vector, sizeof bits);
  return bits;
}

INLINE Vector
floats_of (Bits bits)
{
  Vector vector;

  memcpy (&vector, &bits, sizeof vector);
  return vector;
}

/* Stores the first @count values of a vector, or all of them if @count exceeds
 * its length. */
INLINE void
store_first (gfloat *to, Vector vector, gsize count)
{
  if (count >= VECTOR)
    store (to, vector);
  else
    memcpy (to, &vector, count * sizeof *to);
}

INLINE Vector
broadcast (gfloat value)
{
  return value - (Vector) { 0 };
}

INLINE Vector
maximum (Vector a, Vector b)
{
#ifdef VECTOR_MAXIMUM
  return (Vector) VECTOR_MAXIMUM (a, b);
#else
  Vector result;

  for (guint i = 0; i < VECTOR; i++)
    result[i] = MAX (a[i], b[i]);
  return result;
#endif
}

INLINE Vector
minimum (Vector a, Vector b)
{
#ifdef VECTOR_MINIMUM
  return (Vector) VECTOR_MINIMUM (a, b);
#else
  return -maximum (-a, -b);
#endif
}

INLINE Vector
clamp (Vector value, const CnnClamp bounds)
{
  return minimum (maximum (value, broadcast (bounds.least)),
      broadcast (bounds.most));
}

/* Keeps the compiler from using a separate pointer for each row, for which
 * there are not enough registers. */
#define KEEP_POINTER(pointer) __asm__("" : "+r"(pointer))

/* Keeps the compiler from loading a vector again for each use. */
#if defined(__SSE2__)
#define KEEP_VECTOR(vector) __asm__("" : "+v"(vector))
#elif defined(__aarch64__)
#define KEEP_VECTOR(vector) __asm__("" : "+w"(vector))
#else
#define KEEP_VECTOR(vector)
#endif
