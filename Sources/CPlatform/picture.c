// Pictures made small enough for a model: PNG through libpng, JPEG through libturbojpeg. Both are loaded at their
// first use, as libgit2 is: most runs of stet see no picture. Everything here is fed with files that others made:
// sizes are checked before memory is taken, and what a library refuses is refused.
#include "CPlatform.h"

#include <dlfcn.h>
#include <png.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <turbojpeg.h>

// A decoded picture takes four bytes a pixel: 160 MB. Cameras make 50 megapixels and are decoded at a half or less.
#define MOST_PIXELS 40000000

#define TEXT(x) #x
#define VERSION(x) TEXT(x)

static struct {
  __typeof__(&png_image_begin_read_from_memory) begin;
  __typeof__(&png_image_finish_read) finish;
  __typeof__(&png_image_write_to_memory) write;
  __typeof__(&png_image_free) release;
  char problem[160];
} png;

static struct {
  __typeof__(&tjInitDecompress) open_decoder;
  __typeof__(&tjDecompressHeader3) header;
  __typeof__(&tjDecompress2) decode;
  __typeof__(&tjInitCompress) open_encoder;
  __typeof__(&tjCompress2) encode;
  __typeof__(&tjDestroy) close;
  __typeof__(&tjFree) release;
  __typeof__(&tjGetErrorStr2) error;
  __typeof__(&tjGetErrorCode) severity;
  char problem[160];
} jpeg;

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void *open_library(const char *name, char *problem, size_t size) {
  void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
  const char *text = library ? "" : dlerror();
  snprintf(problem, size, "%s", text ? text : "a library can't be loaded");
  return library;
}

#define FIND(table, member, name)                                                                   \
  if (!(table.member = (__typeof__(table.member))dlsym(library, #name)) && !table.problem[0])        \
    snprintf(table.problem, sizeof table.problem, "%s is missing from its library", #name);

static void load(void) {
  // The versions that the headers describe.
  void *library = open_library("libpng16.so." VERSION(PNG_LIBPNG_VER_SONUM), png.problem, sizeof png.problem);
  if (library) {
    FIND(png, begin, png_image_begin_read_from_memory)
    FIND(png, finish, png_image_finish_read)
    FIND(png, write, png_image_write_to_memory)
    FIND(png, release, png_image_free)
  }
  library = open_library("libturbojpeg.so.0", jpeg.problem, sizeof jpeg.problem);
  if (!library) return;
  FIND(jpeg, open_decoder, tjInitDecompress)
  FIND(jpeg, header, tjDecompressHeader3)
  FIND(jpeg, decode, tjDecompress2)
  FIND(jpeg, open_encoder, tjInitCompress)
  FIND(jpeg, encode, tjCompress2)
  FIND(jpeg, close, tjDestroy)
  FIND(jpeg, release, tjFree)
  FIND(jpeg, error, tjGetErrorStr2)
  FIND(jpeg, severity, tjGetErrorCode)
}

typedef struct {
  unsigned char *data;  // red, green, blue, alpha
  int width, height;
} pixels;

static bool fail(stet_picture *out, const char *text) {
  snprintf(out->problem, sizeof out->problem, "%s", text);
  return false;
}

static bool too_large(stet_picture *out, int width, int height) {
  snprintf(out->problem, sizeof out->problem, "%d x %d pixels are too many to make it smaller here", width, height);
  return false;
}

// ---- Reading ----

static bool read_png(const unsigned char *bytes, size_t size, pixels *into, stet_picture *out) {
  if (png.problem[0]) return fail(out, png.problem);
  png_image image;
  memset(&image, 0, sizeof image);
  image.version = PNG_IMAGE_VERSION;
  if (!png.begin(&image, bytes, size)) return fail(out, image.message);
  if ((uint64_t)image.width * image.height > MOST_PIXELS) {
    too_large(out, (int)image.width, (int)image.height);
    png.release(&image);
    return false;
  }
  image.format = PNG_FORMAT_RGBA;
  into->width = (int)image.width;
  into->height = (int)image.height;
  into->data = malloc(PNG_IMAGE_SIZE(image));
  if (!into->data || !png.finish(&image, NULL, into->data, 0, NULL)) {
    fail(out, into->data ? image.message : "there is not enough memory");
    png.release(&image);
    return false;
  }
  return true;
}

static bool read_jpeg(const unsigned char *bytes, size_t size, int side, pixels *into, stet_picture *out) {
  if (jpeg.problem[0]) return fail(out, jpeg.problem);
  tjhandle handle = jpeg.open_decoder();
  if (!handle) return fail(out, jpeg.error(NULL));
  int width, height, sampling, colours;
  bool read = jpeg.header(handle, bytes, size, &width, &height, &sampling, &colours) == 0;
  if (!read) fail(out, jpeg.error(handle));
  if (read) {
    // The decoder halves at no cost, as long as it stays above the size that is wanted.
    tjscalingfactor scale = {1, 1};
    int longest = width > height ? width : height;
    while (scale.denom < 8 && longest / (scale.denom * 2) >= side) scale.denom *= 2;
    into->width = TJSCALED(width, scale);
    into->height = TJSCALED(height, scale);
    if ((uint64_t)into->width * into->height > MOST_PIXELS) {
      read = too_large(out, width, height);
    } else if (!(into->data = malloc((size_t)into->width * into->height * 4))) {
      read = fail(out, "there is not enough memory");
    } else if (jpeg.decode(handle, bytes, size, into->data, into->width, 0, into->height, TJPF_RGBA,
                           TJFLAG_LIMITSCANS) != 0 &&
               jpeg.severity(handle) == TJERR_FATAL) {
      read = fail(out, jpeg.error(handle));
    }
  }
  jpeg.close(handle);
  return read;
}

// ---- Which way is up: the Exif tag 0x0112, which a new file does not carry on ----

static unsigned number(const unsigned char *at, int count, bool little) {
  unsigned value = 0;
  for (int i = 0; i < count; i++) value = value << 8 | at[little ? count - 1 - i : i];
  return value;
}

static int exif_orientation(const unsigned char *tiff, size_t size) {
  if (size < 8) return 1;
  bool little = tiff[0] == 'I';
  size_t place = number(tiff + 4, 4, little);
  if (place > size || size - place < 2) return 1;
  unsigned entries = number(tiff + place, 2, little);
  place += 2;
  for (unsigned i = 0; i < entries && size - place >= 12; i++, place += 12) {
    if (number(tiff + place, 2, little) != 0x0112) continue;
    unsigned value = number(tiff + place + 8, 2, little);
    return value >= 1 && value <= 8 ? (int)value : 1;
  }
  return 1;
}

static int orientation(const unsigned char *bytes, size_t size) {
  size_t place = 2;
  while (place + 4 <= size && bytes[place] == 0xFF && bytes[place + 1] != 0xDA) {
    size_t length = number(bytes + place + 2, 2, false);
    if (length < 2 || length > size - place - 2) return 1;
    const unsigned char *part = bytes + place + 4;
    if (bytes[place + 1] == 0xE1 && length >= 8 && memcmp(part, "Exif\0\0", 6) == 0)
      return exif_orientation(part + 6, length - 8);
    place += 2 + length;
  }
  return 1;
}

static bool turn(pixels *picture, int orientation, stet_picture *out) {
  if (orientation == 1) return true;
  int width = picture->width, height = picture->height;
  bool lies = orientation >= 5;
  uint32_t *from = (uint32_t *)picture->data;
  uint32_t *to = malloc((size_t)width * height * 4);
  if (!to) return fail(out, "there is not enough memory");
  for (int y = 0; y < height; y++) {
    for (int x = 0; x < width; x++) {
      int column = x, row = y;
      switch (orientation) {
        case 2: column = width - 1 - x; break;
        case 3: column = width - 1 - x, row = height - 1 - y; break;
        case 4: row = height - 1 - y; break;
        case 5: column = y, row = x; break;
        case 6: column = height - 1 - y, row = x; break;
        case 7: column = height - 1 - y, row = width - 1 - x; break;
        case 8: column = y, row = width - 1 - x; break;
      }
      to[(size_t)row * (lies ? height : width) + column] = from[(size_t)y * width + x];
    }
  }
  free(picture->data);
  picture->data = (unsigned char *)to;
  if (lies) picture->width = height, picture->height = width;
  return true;
}

// ---- Making smaller: each new pixel is the mean of the area that it stands for ----

static void squeeze_row(const unsigned char *row, int width, float *into, int columns) {
  double step = (double)width / columns;
  for (int column = 0; column < columns; column++) {
    double from = column * step, to = from + step;
    float sum[4] = {0, 0, 0, 0}, all = 0;
    for (int x = (int)from; x < width && x < to; x++) {
      float share = (float)((x + 1 < to ? x + 1 : to) - (x > from ? x : from));
      // What can't be seen has no colour to add.
      float alpha = share * row[x * 4 + 3];
      for (int c = 0; c < 3; c++) sum[c] += alpha * row[x * 4 + c];
      sum[3] += alpha;
      all += share;
    }
    for (int c = 0; c < 4; c++) into[column * 4 + c] = all > 0 ? sum[c] / all : 0;
  }
}

static bool squeeze(pixels *picture, int columns, int rows, stet_picture *out) {
  unsigned char *made = malloc((size_t)columns * rows * 4);
  float *line = malloc((size_t)columns * 8 * sizeof(float));
  if (!made || !line) {
    free(made);
    free(line);
    return fail(out, "there is not enough memory");
  }
  float *mean = line + (size_t)columns * 4;
  double step = (double)picture->height / rows;
  int known = -1;
  for (int row = 0; row < rows; row++) {
    double from = row * step, to = from + step;
    memset(mean, 0, (size_t)columns * 4 * sizeof(float));
    float all = 0;
    for (int y = (int)from; y < picture->height && y < to; y++) {
      if (y != known) squeeze_row(picture->data + (size_t)y * picture->width * 4, picture->width, line, columns);
      known = y;
      float share = (float)((y + 1 < to ? y + 1 : to) - (y > from ? y : from));
      for (int i = 0; i < columns * 4; i++) mean[i] += share * line[i];
      all += share;
    }
    for (int i = 0; i < columns; i++) {
      float alpha = mean[i * 4 + 3];
      unsigned char *pixel = made + ((size_t)row * columns + i) * 4;
      for (int c = 0; c < 3; c++) {
        float value = alpha > 0 ? mean[i * 4 + c] / alpha + 0.5f : 0;
        pixel[c] = value > 255 ? 255 : (unsigned char)value;
      }
      float opacity = all > 0 ? alpha / all + 0.5f : 0;
      pixel[3] = opacity > 255 ? 255 : (unsigned char)opacity;
    }
  }
  free(line);
  free(picture->data);
  *picture = (pixels){made, columns, rows};
  return true;
}

// ---- Writing ----

/// Takes a result that fits and is smaller than the one there is.
static void keep(stet_picture *out, const unsigned char *bytes, size_t size, size_t limit, bool is_jpeg) {
  if (size > limit || (out->bytes && out->size <= size)) return;
  unsigned char *copy = malloc(size);
  if (!copy) return;
  memcpy(copy, bytes, size);
  free(out->bytes);
  out->bytes = copy;
  out->size = size;
  out->is_jpeg = is_jpeg;
}

static void write_png(const pixels *picture, bool opaque, size_t limit, stet_picture *out) {
  if (png.problem[0]) return;
  png_image image;
  memset(&image, 0, sizeof image);
  image.version = PNG_IMAGE_VERSION;
  image.width = (png_uint_32)picture->width;
  image.height = (png_uint_32)picture->height;
  image.format = opaque ? PNG_FORMAT_RGB : PNG_FORMAT_RGBA;
  size_t count = (size_t)picture->width * picture->height;
  unsigned char *plain = opaque ? malloc(count * 3) : picture->data;
  unsigned char *memory = malloc(limit);
  if (plain && memory) {
    for (size_t i = 0; opaque && i < count; i++) memcpy(plain + i * 3, picture->data + i * 4, 3);
    png_alloc_size_t size = limit;
    if (png.write(&image, memory, &size, 0, plain, 0, NULL)) keep(out, memory, size, limit, false);
    png.release(&image);
  }
  free(memory);
  if (opaque) free(plain);
}

static void write_jpeg(const pixels *picture, int quality, int sampling, size_t limit, stet_picture *out) {
  if (jpeg.problem[0]) return;
  tjhandle handle = jpeg.open_encoder();
  if (!handle) return;
  unsigned char *bytes = NULL;
  unsigned long size = 0;
  if (jpeg.encode(handle, picture->data, picture->width, 0, picture->height, TJPF_RGBX, &bytes, &size, sampling,
                  quality, 0) == 0)
    keep(out, bytes, size, limit, true);
  jpeg.release(bytes);
  jpeg.close(handle);
}

/// White behind what can be seen through: JPEG knows no alpha. True when there was nothing to see through.
static bool is_opaque(const pixels *picture) {
  size_t count = (size_t)picture->width * picture->height;
  for (size_t i = 0; i < count; i++)
    if (picture->data[i * 4 + 3] != 255) return false;
  return true;
}

static void whiten(pixels *picture) {
  size_t count = (size_t)picture->width * picture->height;
  for (size_t i = 0; i < count; i++) {
    unsigned char *pixel = picture->data + i * 4;
    for (int c = 0; c < 3; c++) pixel[c] = (unsigned char)((pixel[c] * pixel[3] + 255 * (255 - pixel[3])) / 255);
    pixel[3] = 255;
  }
}

static void write_smallest(pixels *picture, bool was_jpeg, size_t limit, stet_picture *out) {
  bool opaque = was_jpeg || is_opaque(picture);
  // A photograph is never smaller as PNG.
  if (!was_jpeg) write_png(picture, opaque, limit, out);
  if (!opaque) whiten(picture);
  write_jpeg(picture, 85, TJSAMP_444, limit, out);
  if (!out->bytes) write_jpeg(picture, 75, TJSAMP_420, limit, out);
  if (!out->bytes) write_jpeg(picture, 55, TJSAMP_420, limit, out);
}

bool stet_picture_fit(const unsigned char *bytes, size_t size, int side, size_t limit, stet_picture *out) {
  memset(out, 0, sizeof *out);
  pthread_once(&once, load);
  bool was_jpeg = size > 2 && bytes[0] == 0xFF && bytes[1] == 0xD8;
  pixels picture = {NULL, 0, 0};
  bool done = was_jpeg ? read_jpeg(bytes, size, side, &picture, out) : read_png(bytes, size, &picture, out);
  if (done && (picture.width < 1 || picture.height < 1)) done = fail(out, "it has no pixels");
  int up = done && was_jpeg ? orientation(bytes, size) : 1;
  while (done && !out->bytes) {
    int longest = picture.width > picture.height ? picture.width : picture.height;
    if (longest > side) {
      int columns = (int)((double)picture.width * side / longest + 0.5);
      int rows = (int)((double)picture.height * side / longest + 0.5);
      done = squeeze(&picture, columns > 0 ? columns : 1, rows > 0 ? rows : 1, out);
    }
    if (done) done = turn(&picture, up, out);
    up = 1;
    if (!done) break;
    write_smallest(&picture, was_jpeg, limit, out);
    side = (picture.width > picture.height ? picture.width : picture.height) * 3 / 4;
    if (!out->bytes && side < 16) done = fail(out, jpeg.problem[0] ? jpeg.problem : "it can't be made small enough");
  }
  out->width = picture.width;
  out->height = picture.height;
  free(picture.data);
  return done;
}

bool stet_picture_thumbnail(const unsigned char *bytes, size_t size, int side, stet_picture *out) {
  memset(out, 0, sizeof *out);
  pthread_once(&once, load);
  bool is_jpeg = size > 2 && bytes[0] == 0xFF && bytes[1] == 0xD8;
  pixels picture = {NULL, 0, 0};
  bool done = is_jpeg ? read_jpeg(bytes, size, side, &picture, out) : read_png(bytes, size, &picture, out);
  if (done && (picture.width < 1 || picture.height < 1)) done = fail(out, "it has no pixels");
  int longest = picture.width > picture.height ? picture.width : picture.height;
  if (done && longest > side) {
    int columns = (int)((double)picture.width * side / longest + 0.5);
    int rows = (int)((double)picture.height * side / longest + 0.5);
    done = squeeze(&picture, columns > 0 ? columns : 1, rows > 0 ? rows : 1, out);
  }
  if (done && is_jpeg) done = turn(&picture, orientation(bytes, size), out);
  if (!done) {
    free(picture.data);
    return false;
  }
  out->bytes = picture.data;
  out->size = (size_t)picture.width * picture.height * 4;
  out->width = picture.width;
  out->height = picture.height;
  return true;
}

void stet_picture_free(stet_picture *picture) {
  free(picture->bytes);
  picture->bytes = NULL;
}
