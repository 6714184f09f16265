/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "options.h"

#include <gst/gst.h>
#include <stdlib.h>

#include "configuration.h"

#define MIN_SIZE 32
#define MAX_SIZE 8192
#define MAX_FPS 240
#define MIN_BITRATE 50
#define MAX_BITRATE 200000
#define MAX_CONNECTIONS 10000
#define MAX_TIMEOUT 3600
/* Each viewer has two ports. */
#define MIN_UDP_PORTS 2

/* What the options of a stream are parsed into. */
typedef struct {
  StreamOptions *options;
  gchar *size;
} StreamParser;

/* What all others are parsed into. */
typedef struct {
  Options *options;
  gchar *configuration;
  gchar *udp_ports;
  gchar *operators;
  gchar *certificate;
  StreamParser stream;
} Parser;

static gboolean refuse (GError **error, const gchar *format, ...)
    G_GNUC_PRINTF (2, 3);

static gboolean
refuse (GError **error, const gchar *format, ...)
{
  g_autofree gchar *message = NULL;
  va_list arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
      message);
  return FALSE;
}

static gboolean
check_range (const gchar *name, gint value, gint minimum, gint maximum,
    GError **error)
{
  return (value >= minimum && value <= maximum)
      || refuse (error, "--%s=%d: must be from %d to %d", name, value, minimum,
          maximum);
}

/* H.264 with 4:2:0 chroma needs even sizes. */
static gboolean
is_size (guint64 value)
{
  return value >= MIN_SIZE && value <= MAX_SIZE && value % 2 == 0;
}

/* Parses two numbers and the character between them. */
static gboolean
parse_pair (const gchar *text, gchar separator, guint64 *first, guint64 *second)
{
  gchar *end = NULL;

  *first = g_ascii_strtoull (text, &end, 10);
  *second = 0;
  if (*end == separator)
    *second = g_ascii_strtoull (end + 1, &end, 10);
  return *end == '\0';
}

static gboolean
parse_size (StreamOptions *self, const gchar *text, GError **error)
{
  guint64 width, height;

  if (!parse_pair (text, 'x', &width, &height) || !is_size (width)
      || !is_size (height)) {
    return refuse (error,
        "--size=%s: must be two even numbers from %d to %d, such as 640x480",
        text, MIN_SIZE, MAX_SIZE);
  }
  self->width = (gint) width;
  self->height = (gint) height;
  return TRUE;
}

static gboolean
parse_udp_ports (Options *self, const gchar *text, GError **error)
{
  guint64 first, last;

  if (!parse_pair (text, '-', &first, &last) || first < 1 || last > G_MAXUINT16
      || last < first + MIN_UDP_PORTS - 1)
    return refuse (error,
        "--udp-ports=%s: must be a range of ports, such as 5000-5099", text);
  self->first_udp_port = (gint) first;
  self->last_udp_port = (gint) last;
  return TRUE;
}

/* What needs no escapes in a URL, so that it can be typed as it is shown. */
static gboolean
is_path (const gchar *text)
{
  return text[0] == '/'
      && strspn (text, "/-._~" G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS)
      == strlen (text)
      && !strstr (text, "//");
}

static gboolean
check_stream (const StreamOptions *self, GError **error)
{
  if (!check_range ("bitrate", self->bitrate, MIN_BITRATE, MAX_BITRATE, error)
      || !check_range ("fps", self->fps, 0, MAX_FPS, error))
    return FALSE;
  if (!is_path (self->mount)) {
    return refuse (error,
        "--mount=%s: must be a path such as /live or /house/door, of letters, "
        "digits and -._~",
        self->mount);
  }
  for (gchar **property = self->properties; property && *property; property++) {
    if (!strchr (*property, '='))
      return refuse (error, "--property=%s: must be NAME=VALUE", *property);
  }
  return TRUE;
}

/* Whoever opens the server to others must say how. */
static gboolean
check_access (const AccessOptions *self, GError **error)
{
  if (!check_range ("max-connections", self->max_connections, 1,
          MAX_CONNECTIONS, error)
      || !check_range ("viewer-timeout", self->viewer_timeout, 1, MAX_TIMEOUT,
          error))
    return FALSE;
  if (!g_hostname_is_ip_address (self->address)
      && !options_is_host_name (self->address)) {
    return refuse (error,
        "--address=%s: must be an IP address or a host name, without a port",
        self->address);
  }
  if (self->operators && !self->users)
    return refuse (error, "--operators: --users must name the file of users");
  if (self->users && self->no_auth)
    return refuse (error, "--users and --no-auth exclude each other");
  if (!access_options_is_local (self) && !self->users && !self->no_auth) {
    return refuse (error,
        "--address=%s: other machines can reach this; --users=FILE says who "
        "may watch, and --no-auth lets anybody",
        self->address);
  }
  return TRUE;
}

static gboolean
check (const Options *self, GError **error)
{
  if (self->new_user)
    return self->access.users
        || refuse (error, "--add-user: --users must name the file of users");
  return check_range ("port", self->port, 0, G_MAXUINT16, error)
      && check_access (&self->access, error);
}

static void
set_default (gchar **option, const gchar *value)
{
  if (!*option)
    *option = g_strdup (value);
}

/* Those of the picture, those of the outputs, and the end. */
#define N_PICTURE_ENTRIES 6
#define N_STREAM_ENTRIES (N_PICTURE_ENTRIES + OUTPUT_OPTIONS_N_ENTRIES + 1)

static void
make_stream_entries (StreamParser *parser,
    GOptionEntry entries[N_STREAM_ENTRIES])
{
  StreamOptions *options = parser->options;
  const GOptionEntry these[N_PICTURE_ENTRIES] = {
    { "source", 's', 0, G_OPTION_ARG_FILENAME, &options->source,
        "camera (default), camera:DEVICE, pipewire, sample, test, a video "
        "file, which is repeated forever, a picture, or a URL with rtsp, "
        "rtsps, http or https",
        "SOURCE" },
    { "property", 'P', 0, G_OPTION_ARG_STRING_ARRAY, &options->properties,
        "Property of the element activationmap, such as colormap=viridis; may "
        "be repeated",
        "NAME=VALUE" },
    { "fps", 0, 0, G_OPTION_ARG_INT, &options->fps,
        "Pictures per second (default: those of the source)", "FPS" },
    { "size", 0, 0, G_OPTION_ARG_STRING, &parser->size,
        "Size of the picture (default: that of the source)", "WxH" },
    { "bitrate", 'b', 0, G_OPTION_ARG_INT, &options->bitrate,
        "Bit rate of the stream in kbit/s (default: 2000)", "KBITS" },
    { "mount", 'm', 0, G_OPTION_ARG_STRING, &options->mount,
        "Path of the stream (default: /live, or /NAME/live)", "PATH" },
  };

  memcpy (entries, these, sizeof these);
  output_options_make_entries (&options->outputs, entries + N_PICTURE_ENTRIES);
  entries[N_STREAM_ENTRIES - 1] = (GOptionEntry) { NULL };
}

static StreamOptions *
stream_options_new (const gchar *name)
{
  StreamOptions *self = g_new0 (StreamOptions, 1);

  self->name = g_strdup (name);
  self->bitrate = 2000;
  return self;
}

static gboolean
finish_stream (StreamParser *parser, GError **error)
{
  StreamOptions *self = parser->options;
  const gchar *separator = *self->name ? "/" : "";
  g_autofree gchar *mount = g_strconcat (separator, self->name, "/live", NULL);

  set_default (&self->mount, mount);
  set_default (&self->source, "camera");
  return (!parser->size || parse_size (self, parser->size, error))
      && check_stream (self, error)
      && output_options_finish (&self->outputs, self->name, error);
}

/* Ends the program. */
static gboolean
print_version (const gchar *name, const gchar *value, gpointer data,
    GError **error)
{
  gchar *gstreamer = gst_version_string ();

  g_print ("activationmap-server %s (%s)\n", VERSION, gstreamer);
  g_free (gstreamer);
  exit (EXIT_SUCCESS);
}

static GOptionContext *
make_context (GOptionEntry *entries)
{
  GOptionContext *context = g_option_context_new (NULL);

  g_option_context_add_main_entries (context, entries, NULL);
  return context;
}

static void
add_main_entries (GOptionContext *context, Parser *parser)
{
  const GOptionEntry entries[] = {
    { "config", 'c', 0, G_OPTION_ARG_FILENAME, &parser->configuration,
        "Configuration file: options without their dashes in [server], and "
        "[stream NAME] for each stream",
        "FILE" },
    { "version", 0, G_OPTION_FLAG_NO_ARG, G_OPTION_ARG_CALLBACK, print_version,
        "Print the version", NULL },
    { NULL },
  };

  g_option_context_add_main_entries (context, entries, NULL);
}

static void
add_rtsp_group (GOptionContext *context, Parser *parser)
{
  Options *options = parser->options;
  const GOptionEntry entries[] = {
    { "port", 'p', 0, G_OPTION_ARG_INT, &options->port,
        "Port to listen on (default: 8554; 0: any free port)", "PORT" },
    { "udp-ports", 0, 0, G_OPTION_ARG_STRING, &parser->udp_ports,
        "Ports to send pictures from by UDP, two for each viewer of a stream "
        "(default: any)",
        "FIRST-LAST" },
    { NULL },
  };
  GOptionGroup *group = g_option_group_new ("rtsp",
      "Options of RTSP:", "Show the options of RTSP", NULL, NULL);

  g_option_group_add_entries (group, entries);
  g_option_context_add_group (context, group);
}

static void
add_access_group (GOptionContext *context, Parser *parser)
{
  AccessOptions *access = &parser->options->access;
  const GOptionEntry entries[] = {
    { "address", 'a', 0, G_OPTION_ARG_STRING, &access->address,
        "Address to listen on (default: 127.0.0.1, this machine only; 0.0.0.0 "
        "for all); others than this machine's own need --users or --no-auth",
        "ADDRESS" },
    { "users", 0, 0, G_OPTION_ARG_FILENAME, &access->users,
        "Who may watch: a file as htdigest writes it, with the realm "
        "activationmap",
        "FILE" },
    { "operators", 0, 0, G_OPTION_ARG_STRING, &parser->operators,
        "Users who may also change things, separated by commas", "NAMES" },
    { "add-user", 0, 0, G_OPTION_ARG_STRING, &parser->options->new_user,
        "Read a password from the terminal or the standard input, write the "
        "user to the file of --users, and end",
        "NAME" },
    { "no-auth", 0, 0, G_OPTION_ARG_NONE, &access->no_auth,
        "Let anybody watch, from any machine", NULL },
    { "read-only", 0, 0, G_OPTION_ARG_NONE, &access->read_only,
        "Let nobody change anything, not even from this machine", NULL },
    { "certificate", 0, 0, G_OPTION_ARG_FILENAME, &parser->certificate,
        "Serve by TLS only: a PEM file with a certificate and its key",
        "FILE" },
    { "max-connections", 0, 0, G_OPTION_ARG_INT, &access->max_connections,
        "Connections that one address may have (default: 100)", "NUMBER" },
    { "viewer-timeout", 0, 0, G_OPTION_ARG_INT, &access->viewer_timeout,
        "Seconds after which a viewer that reads nothing is disconnected "
        "(default: 30)",
        "SECONDS" },
    { NULL },
  };
  GOptionGroup *group = g_option_group_new ("access",
      "Options of access:", "Show the options of who may watch", NULL, NULL);

  g_option_group_add_entries (group, entries);
  g_option_context_add_group (context, group);
}

static void
add_outputs_group (GOptionContext *context, const GOptionEntry *entries)
{
  GOptionGroup *group = g_option_group_new ("outputs",
      "Outputs of a stream:", "Show the options of where streams are sent to",
      NULL, NULL);

  g_option_group_add_entries (group, entries);
  g_option_context_add_group (context, group);
}

/* The outputs of streams are in a group of their own. */
static GOptionContext *
make_picture_context (Parser *parser)
{
  GOptionEntry entries[N_STREAM_ENTRIES];
  GOptionContext *context = g_option_context_new (NULL);

  make_stream_entries (&parser->stream, entries);
  add_outputs_group (context, entries + N_PICTURE_ENTRIES);
  entries[N_PICTURE_ENTRIES] = (GOptionEntry) { NULL };
  g_option_context_add_main_entries (context, entries, NULL);
  return context;
}

static GOptionContext *
make_full_context (Parser *parser, GOptionGroup **groups)
{
  GOptionContext *context = make_picture_context (parser);

  add_main_entries (context, parser);
  g_option_context_set_summary (context,
      "Serves a camera or a video over RTSP with the activation maps of a "
      "convolutional network drawn into it.");
  add_rtsp_group (context, parser);
  add_access_group (context, parser);
  for (GOptionGroup **group = groups; group && *group; group++)
    g_option_context_add_group (context, *group);
  g_option_context_add_group (context, gst_init_get_option_group ());
  return context;
}

/* Parses a copy of the arguments. */
static gboolean
parse_arguments (GOptionContext *context, const GPtrArray *arguments,
    gchar ***rest, GError **error)
{
  g_auto (GStrv) copy = g_new0 (gchar *, arguments->len + 1);
  gboolean is_parsed;

  for (guint i = 0; i < arguments->len; i++)
    copy[i] = g_strdup (arguments->pdata[i]);
  is_parsed = g_option_context_parse_strv (context, &copy, error);
  if (rest)
    *rest = g_steal_pointer (&copy);
  return is_parsed;
}

static void
add_arguments (GPtrArray *to, gchar **from)
{
  for (gchar **argument = from; *argument; argument++)
    g_ptr_array_add (to, g_strdup (*argument));
}

/* Loads the configuration that the command line names, if any. */
static gboolean
find_configuration (gchar **argv, Configuration **configuration, GError **error)
{
  g_autofree gchar *path = NULL;
  GOptionEntry entries[] = {
    { "config", 'c', 0, G_OPTION_ARG_FILENAME, &path, "", NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = make_context (entries);
  g_autoptr (GPtrArray) arguments = g_ptr_array_new_with_free_func (g_free);

  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_set_ignore_unknown_options (context, TRUE);
  add_arguments (arguments, argv);
  if (!parse_arguments (context, arguments, NULL, error))
    return FALSE;
  if (path)
    *configuration = configuration_new (path, error);
  return !path || *configuration;
}

/* The options of [server], then those of a stream, then the command line, of
 * which the last ones win. */
static GPtrArray *
join_arguments (Configuration *configuration, gchar **argv)
{
  GPtrArray *arguments = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (arguments, g_strdup (argv[0]));
  if (configuration)
    configuration_add_server (configuration, arguments);
  add_arguments (arguments, argv + 1);
  return arguments;
}

static StreamOptions *
parse_stream (Configuration *configuration, guint index, gchar **argv,
    GError **error)
{
  const gchar *name = configuration_get_stream_name (configuration, index);
  g_autoptr (StreamOptions) options = stream_options_new (name);
  StreamParser parser = { options, NULL };
  g_autoptr (GPtrArray) arguments = g_ptr_array_new_with_free_func (g_free);
  GOptionEntry entries[N_STREAM_ENTRIES];
  g_autoptr (GOptionContext) context = NULL;
  gboolean is_parsed;

  make_stream_entries (&parser, entries);
  context = make_context (entries);
  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_set_ignore_unknown_options (context, TRUE);
  g_ptr_array_add (arguments, g_strdup (argv[0]));
  configuration_add_server (configuration, arguments);
  if (!configuration_add_stream (configuration, index, entries, arguments,
          error))
    return NULL;
  add_arguments (arguments, argv + 1);
  is_parsed = parse_arguments (context, arguments, NULL, error)
      && finish_stream (&parser, error);
  g_free (parser.size);
  return is_parsed ? g_steal_pointer (&options) : NULL;
}

static gboolean
check_outputs (const Options *self, const StreamOptions *stream, GError **error)
{
  for (guint i = 0; i < self->streams->len; i++) {
    const StreamOptions *other = self->streams->pdata[i];

    if (!output_options_check_distinct (&stream->outputs, &other->outputs,
            error))
      return FALSE;
  }
  return TRUE;
}

/* What is given for all streams need not have an effect on each. */
static gboolean
check_effects (const Options *self, GError **error)
{
  OutputUse use = 0;

  for (guint i = 0; i < self->streams->len; i++) {
    const StreamOptions *stream = self->streams->pdata[i];

    use |= output_options_get_use (&stream->outputs);
  }
  for (guint i = 0; i < self->streams->len; i++) {
    const StreamOptions *stream = self->streams->pdata[i];

    if (!output_options_check_effects (&stream->outputs, use, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
parse_streams (Options *self, Configuration *configuration, gchar **argv,
    GError **error)
{
  const guint n_streams = configuration_get_n_streams (configuration);

  for (guint i = 0; i < n_streams; i++) {
    g_autoptr (StreamOptions)
        stream = parse_stream (configuration, i, argv, error);

    if (!stream || !check_outputs (self, stream, error))
      return FALSE;
    stream->has_siblings = n_streams > 1;
    g_ptr_array_add (self->streams, g_steal_pointer (&stream));
  }
  return check_effects (self, error);
}

static gboolean
parse_all (Parser *parser, Configuration *configuration, gchar **argv,
    GOptionGroup **groups, GError **error)
{
  g_autoptr (GOptionContext) context = make_full_context (parser, groups);
  g_autoptr (GPtrArray) arguments = join_arguments (configuration, argv);
  g_auto (GStrv) rest = NULL;

  if (!parse_arguments (context, arguments, &rest, error))
    return FALSE;
  if (rest[0] && rest[1]) {
    return refuse (error, "Unknown argument %s; --help lists the options",
        rest[1]);
  }
  return !parser->udp_ports
      || parse_udp_ports (parser->options, parser->udp_ports, error);
}

/* @path: (nullable) */
static gboolean
load_certificate (AccessOptions *self, const gchar *path, GError **error)
{
  if (!path)
    return TRUE;
  self->certificate = g_tls_certificate_new_from_file (path, error);
  if (!self->certificate)
    g_prefix_error (error, "%s: ", path);
  return self->certificate != NULL;
}

/* Without a [stream NAME], there is one without a name. */
static gboolean
finish (Parser *parser, Configuration *configuration, gchar **argv,
    GError **error)
{
  Options *self = parser->options;

  set_default (&self->access.address, "127.0.0.1");
  if (parser->operators)
    self->access.operators = g_strsplit (parser->operators, ",", -1);
  if (!check (self, error)
      || !load_certificate (&self->access, parser->certificate, error))
    return FALSE;
  if (configuration && configuration_get_n_streams (configuration) > 0)
    return parse_streams (self, configuration, argv, error);
  g_ptr_array_add (self->streams, stream_options_copy (parser->stream.options));
  return finish_stream (&(StreamParser) { self->streams->pdata[0],
                            parser->stream.size },
             error)
      && check_effects (self, error);
}

/* An empty argument is a variable of a script that has no value. */
static gboolean
check_arguments (gchar **argv, GError **error)
{
  for (gchar **argument = argv + 1; *argument; argument++) {
    const gchar *value = g_str_has_prefix (*argument, "--")
        ? strchr (*argument, '=')
        : NULL;

    if (!**argument)
      return refuse (error, "An argument is empty; --help lists the options");
    if (value && !value[1])
      return refuse (error, "%s: a value is missing", *argument);
  }
  return TRUE;
}

static Options *
make_options (void)
{
  Options *self = g_new0 (Options, 1);

  self->port = 8554;
  self->access.max_connections = 100;
  self->access.viewer_timeout = 30;
  self->streams = g_ptr_array_new_with_free_func (
      (GDestroyNotify) stream_options_free);
  return self;
}

/* Those of which no context has become the owner. */
static void
drop_groups (GOptionGroup **groups)
{
  for (GOptionGroup **group = groups; group && *group; group++)
    g_option_group_unref (*group);
}

Options *
options_new (gchar **argv, GOptionGroup **groups, GError **error)
{
  g_autoptr (Options) self = make_options ();
  g_autoptr (StreamOptions) stream = stream_options_new ("");
  g_autoptr (Configuration) configuration = NULL;
  Parser parser = { .options = self, .stream = { stream, NULL } };
  gboolean is_parsed = FALSE;

  if (check_arguments (argv, error)
      && find_configuration (argv, &configuration, error))
    is_parsed = parse_all (&parser, configuration, argv, groups, error)
        && finish (&parser, configuration, argv, error);
  else
    drop_groups (groups);
  g_free (parser.configuration);
  g_free (parser.udp_ports);
  g_free (parser.operators);
  g_free (parser.certificate);
  g_free (parser.stream.size);
  return is_parsed ? g_steal_pointer (&self) : NULL;
}

void
options_free (Options *self)
{
  g_free (self->access.address);
  g_free (self->access.users);
  g_strfreev (self->access.operators);
  g_clear_object (&self->access.certificate);
  g_free (self->new_user);
  g_ptr_array_unref (self->streams);
  g_free (self);
}

StreamOptions *
stream_options_copy (const StreamOptions *self)
{
  StreamOptions *copy = g_memdup2 (self, sizeof *self);

  copy->name = g_strdup (self->name);
  copy->source = g_strdup (self->source);
  copy->properties = g_strdupv (self->properties);
  copy->mount = g_strdup (self->mount);
  output_options_copy (&self->outputs, &copy->outputs);
  return copy;
}

void
stream_options_free (StreamOptions *self)
{
  g_free (self->name);
  g_free (self->source);
  g_strfreev (self->properties);
  g_free (self->mount);
  output_options_clear (&self->outputs);
  g_free (self);
}

gboolean
options_is_host_name (const gchar *text)
{
  return *text
      && strspn (text, "-._" G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS)
      == strlen (text);
}

gboolean
access_options_is_local (const AccessOptions *self)
{
  g_autoptr (GInetAddress)
      address = g_inet_address_new_from_string (self->address);

  return address ? g_inet_address_get_is_loopback (address)
                 : g_str_equal (self->address, "localhost");
}
