/* Writes a picture as PNG and reads it back several times, by the libraries stb_image_write and stb_image:
 *     gcc -O2 gcc_flags_picture.c -o picture -lm && ./picture FILE
 * FILE gets what was written, and after it the sum of what was read: the same bytes however it was compiled. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define STBI_ONLY_PNG
#define STBI_NO_STDIO
#define STB_IMAGE_IMPLEMENTATION
#include <stb/stb_image.h>
#define STBI_WRITE_NO_STDIO
#define STB_IMAGE_WRITE_IMPLEMENTATION
#include <stb/stb_image_write.h>

enum { SIDE = 700, CHANNELS = 3, WRITES = 1, READS = 12 };

/* Slopes, a chessboard and some noise: neither flat nor random. */
static unsigned char *drawn(void) {
    unsigned char *pixels = malloc((size_t)SIDE * SIDE * CHANNELS), *next = pixels;
    uint32_t noise = 1;
    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++)
            for (int channel = 0; channel < CHANNELS; channel++) {
                noise = noise * 1664525u + 1013904223u;
                int board = ((x / 32 + y / 32) % 2) * 40;
                *next++ = (unsigned char)((x * (channel + 1) >> 2) + (y >> 1) + board + (int)(noise >> 28));
            }
    return pixels;
}

static uint64_t sum(const unsigned char *bytes, size_t count, uint64_t so_far) {
    for (size_t i = 0; i < count; i++)
        so_far = (so_far ^ bytes[i]) * 1099511628211u;
    return so_far;
}

int main(int count, char **words) {
    unsigned char *pixels = drawn(), *png = NULL;
    int length = 0, width, height, channels;
    uint64_t seen = 14695981039346656037u;
    for (int i = 0; i < WRITES; i++) {
        free(png);
        png = stbi_write_png_to_mem(pixels, 0, SIDE, SIDE, CHANNELS, &length);
    }
    for (int i = 0; i < READS; i++) {
        unsigned char *back = stbi_load_from_memory(png, length, &width, &height, &channels, CHANNELS);
        if (back == NULL || width != SIDE || height != SIDE)
            return 1;
        seen = sum(back, (size_t)SIDE * SIDE * CHANNELS, seen);
        free(back);
    }
    FILE *file = count > 1 ? fopen(words[1], "wb") : NULL;
    if (file == NULL || fwrite(png, 1, (size_t)length, file) != (size_t)length)
        return 2;
    fwrite(&seen, sizeof seen, 1, file);
    return fclose(file) ? 2 : 0;
}
