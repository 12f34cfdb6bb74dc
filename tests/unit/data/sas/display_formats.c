/* Writes display_formats.sas7bdat with ReadStat (Debian: libreadstat-dev):
 *   cc display_formats.c -lreadstat -o display_formats && ./display_formats display_formats.sas7bdat
 */
#include <readstat.h>
#include <stdio.h>

enum { N_NUMBERS = 8, N_ROWS = 6 };

static const char *NAMES[N_NUMBERS] = {"DATO", "TID", "KLOKKEN", "MAANED", "TAL", "AARGR", "TIMELOEN", "BRUDT"};
/* AARGR and TIMELOEN have formats that a data owner made for a code list and a wage; BRUDT holds moments over 24 hours. */
static const char *FORMATS[N_NUMBERS] = {"DATE9", "DATETIME20", "TIME8", "NLDATE20", "BEST12", "YEARGRP", "TIMEKR", "DATE9"};
static const double CELLS[N_ROWS][N_NUMBERS] = {
    {0, 0, 0, 0, 1, 1, 1, 0},
    {21915, 1893456000, 3600, 21915, 2.5, 2.5, 185.5, 21915.75},
    {-1, -86400, 90000, -1, -3, 3, 100000, -0.5},
    {15000, 1893456000.25, -60, 1, 1e15, 1e11, -1, 15000.25},
    {1e7, 1e13, 1e6, 1e7, 0.1, 0.1, 0.1, 1},
    {-200000, -2e10, 5, 60, 0, 1, 1, 60},
};
static const char *TEXTS[N_ROWS] = {"", "\xc3\x98st", "007", " 7", "K\xc3\xb8ge", "7"};

static ssize_t write_bytes(const void *data, size_t n, void *file) { return (ssize_t)fwrite(data, 1, n, file); }

int main(int argc, char **argv) {
    FILE *file = argc == 2 ? fopen(argv[1], "wb") : NULL;
    if (file == NULL) return 2;
    readstat_writer_t *writer = readstat_writer_init();
    readstat_set_data_writer(writer, write_bytes);
    readstat_writer_set_table_name(writer, "FORMATS");
    readstat_writer_set_file_timestamp(writer, 0);
    readstat_variable_t *numbers[N_NUMBERS];
    for (int i = 0; i < N_NUMBERS; i++) {
        numbers[i] = readstat_add_variable(writer, NAMES[i], READSTAT_TYPE_DOUBLE, 0);
        readstat_variable_set_format(numbers[i], FORMATS[i]);
    }
    readstat_variable_t *text = readstat_add_variable(writer, "TEKST", READSTAT_TYPE_STRING, 8);
    readstat_begin_writing_sas7bdat(writer, file, N_ROWS);
    for (int row = 0; row < N_ROWS; row++) {
        readstat_begin_row(writer);
        for (int i = 0; i < N_NUMBERS; i++) {
            if (row == 5 && i == 4) /* the special missing value .A */
                readstat_insert_tagged_missing_value(writer, numbers[i], 'A');
            else
                readstat_insert_double_value(writer, numbers[i], CELLS[row][i]);
        }
        readstat_insert_string_value(writer, text, TEXTS[row]);
        readstat_end_row(writer);
    }
    readstat_error_t error = readstat_end_writing(writer);
    readstat_writer_free(writer);
    return fclose(file) != 0 || error != READSTAT_OK;
}
