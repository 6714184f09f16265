/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "formats/onnx-operators.h"

#include <string.h>

#include "base/model-error.h"

static const struct {
  const gchar *name;
  OnnxOperator convert;
} operators[] = {
  { "Add", onnx_convert_arithmetic },
  { "AveragePool", onnx_convert_pooling },
  { "BatchNormalization", onnx_convert_batch_normalization },
  { "Cast", onnx_convert_identity },
  { "Celu", onnx_convert_function },
  { "Clip", onnx_convert_clip },
  { "Concat", onnx_convert_concatenation },
  { "Conv", onnx_convert_convolution },
  { "ConvTranspose", onnx_convert_transposed_convolution },
  { "DepthToSpace", onnx_convert_depth_to_space },
  { "Div", onnx_convert_arithmetic },
  { "Dropout", onnx_convert_identity },
  { "Elu", onnx_convert_function },
  { "Erf", onnx_convert_function },
  { "Exp", onnx_convert_function },
  { "Flatten", onnx_convert_reshape },
  { "Gelu", onnx_convert_function },
  { "Gemm", onnx_convert_dense },
  { "GlobalAveragePool", onnx_convert_global_pooling },
  { "GlobalMaxPool", onnx_convert_global_pooling },
  { "HardSigmoid", onnx_convert_function },
  { "HardSwish", onnx_convert_function },
  { "Identity", onnx_convert_identity },
  { "InstanceNormalization", onnx_convert_instance_normalization },
  { "LeakyRelu", onnx_convert_function },
  { "LogSoftmax", onnx_convert_softmax },
  { "MatMul", onnx_convert_dense },
  { "Max", onnx_convert_arithmetic },
  { "MaxPool", onnx_convert_pooling },
  { "Mean", onnx_convert_arithmetic },
  { "Min", onnx_convert_arithmetic },
  { "Mish", onnx_convert_function },
  { "Mul", onnx_convert_arithmetic },
  { "Neg", onnx_convert_negation },
  { "PRelu", onnx_convert_prelu },
  { "Pad", onnx_convert_padding },
  { "ReduceMax", onnx_convert_global_pooling },
  { "ReduceMean", onnx_convert_global_pooling },
  { "Relu", onnx_convert_function },
  { "Reshape", onnx_convert_reshape },
  { "Resize", onnx_convert_resize },
  { "Selu", onnx_convert_function },
  { "Shape", onnx_convert_shape },
  { "Sigmoid", onnx_convert_function },
  { "Size", onnx_convert_shape },
  { "Slice", onnx_convert_slice },
  { "Softmax", onnx_convert_softmax },
  { "Softplus", onnx_convert_function },
  { "Softsign", onnx_convert_function },
  { "SpaceToDepth", onnx_convert_depth_to_space },
  { "Split", onnx_convert_split },
  { "Squeeze", onnx_convert_reshape },
  { "Sub", onnx_convert_arithmetic },
  { "Sum", onnx_convert_arithmetic },
  { "Tanh", onnx_convert_function },
  { "ThresholdedRelu", onnx_convert_function },
  { "Transpose", onnx_convert_transpose },
  { "Unsqueeze", onnx_convert_reshape },
  { "Upsample", onnx_convert_resize },
};

static OnnxOperator
find (const gchar *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (operators); i++) {
    if (g_str_equal (operators[i].name, name))
      return operators[i].convert;
  }
  return NULL;
}

static const gchar *
get_advice (const Onnx__Node *node)
{
  static const gchar *const with_graphs[] = { "If", "Loop", "Scan", NULL };

  if (g_strv_contains (with_graphs, node->operator_name))
    return "which has graphs of its own: export the model with fixed sizes, "
           "or simplify it with onnxsim";
  if (strstr (node->operator_name, "Quant")
      || strstr (node->operator_name, "Integer")
      || g_str_has_prefix (node->operator_name, "QLinear"))
    return "which is quantized: convert the model with its float weights";
  return "which no layer corresponds to";
}

gboolean
onnx_operator_is_known (const Onnx__Node *node, GError **error)
{
  const gchar *domain = node->domain ? node->domain : "";
  const gboolean is_standard = !*domain || g_str_equal (domain, "ai.onnx");
  g_autofree gchar *printed = NULL;

  if (is_standard
      && (find (node->operator_name) || onnx_fold_knows (node->operator_name)))
    return TRUE;
  printed = onnx_print_name (is_standard ? node->operator_name : domain);
  if (is_standard)
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_UNSUPPORTED,
        "is of operator %s, %s", printed, get_advice (node));
  else
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_UNSUPPORTED,
        "is an operator of '%s': export the model without it", printed);
  return FALSE;
}

gboolean
onnx_operator_convert (OnnxGraph *graph, GError **error)
{
  const OnnxOperator convert = find (graph->arguments.node->operator_name);

  return convert ? convert (graph, error)
                 : onnx_graph_fail (error,
                     "depends on the picture, which is not supported");
}
