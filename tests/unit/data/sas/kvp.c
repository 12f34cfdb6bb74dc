/* Writes one year of a small KVP register with ReadStat (Debian: libreadstat-dev); the rows are those of
 * tests/functional/test_registers_formats.py:
 *   cc kvp.c -lreadstat -o kvp && ./kvp kvp_2025.sas7bdat 25 && ./kvp kvp_2026.sas7bdat 26
 * Codes are numbers and have lost their zeros. VEDTAK_DATO is a date of SAS, BEGYNT_DATO the same number without a format,
 * AVSL_DATO a number DDMMYYYY.
 */
#include <readstat.h>
#include <stdio.h>
#include <stdlib.h>

enum { N_NUMBERS = 12, N_ROWS = 7, N = -1 /* missing */ };

static const char *NAMES[N_NUMBERS] = {"KOMMUNE_NR", "VERSION", "KJONN", "VEDTAK_DATO", "BEGYNT_DATO", "STMND_1",
                                       "STMND_12", "KVP_STONAD", "STATUS", "AVSL_DATO", "AVSL_ORDINAERTARB",
                                       "AVSL_VIKTIGSTE_INNTEKT"};
static const double CELLS[N_ROWS][N_NUMBERS] = {
    {301, 25, 1, 23407, 23450, 1, 12, 250000, 3, 30062025, 1, 1},
    {4601, 25, 2, 23415, 23801, 0, 12, 99999, 1, N, 0, N},
    {301, 25, 2, 23407, 23450, 1, 12, 1000, 1, N, 0, N},
    {301, 25, 1, 23407, 23450, 1, 12, 1000, 3, 1012024, 0, 3},
    {4601, 26, 2, 23415, 23801, 1, 0, 5, 4, 28022026, 0, 17},
    {301, 26, 1, 23407, N, 1, 0, 1000, 1, N, 0, N},
    {5001, 26, 2, N, 24077, 0, 0, N, 1, N, 0, N},
};
static const char *PERSONS[N_ROWS] = {"\xc3\xa5" "7f3q9z1k2", "b8g4r0y2m3", "", "c9h5s1x3n4", "b8g4r0y2m3", "d0j6t2w4p5", "0042"};

static ssize_t write_bytes(const void *data, size_t n, void *file) { return (ssize_t)fwrite(data, 1, n, file); }

int main(int argc, char **argv) {
    FILE *file = argc == 3 ? fopen(argv[1], "wb") : NULL;
    if (file == NULL) return 2;
    int year = atoi(argv[2]), n_rows = 0;
    for (int row = 0; row < N_ROWS; row++) n_rows += CELLS[row][1] == year;
    readstat_writer_t *writer = readstat_writer_init();
    readstat_set_data_writer(writer, write_bytes);
    readstat_writer_set_table_name(writer, "KVP");
    readstat_writer_set_file_timestamp(writer, 0);
    readstat_variable_t *person = readstat_add_variable(writer, "PERSON_FODSELSNR", READSTAT_TYPE_STRING, 11);
    readstat_variable_t *numbers[N_NUMBERS];
    for (int i = 0; i < N_NUMBERS; i++) {
        numbers[i] = readstat_add_variable(writer, NAMES[i], READSTAT_TYPE_DOUBLE, 0);
        readstat_variable_set_format(numbers[i], i == 3 ? "DDMMYY10" : "BEST12");
    }
    readstat_begin_writing_sas7bdat(writer, file, n_rows);
    for (int row = 0; row < N_ROWS; row++) {
        if (CELLS[row][1] != year) continue;
        readstat_begin_row(writer);
        readstat_insert_string_value(writer, person, PERSONS[row]);
        for (int i = 0; i < N_NUMBERS; i++) {
            if (CELLS[row][i] == N)
                readstat_insert_missing_value(writer, numbers[i]);
            else
                readstat_insert_double_value(writer, numbers[i], CELLS[row][i]);
        }
        readstat_end_row(writer);
    }
    readstat_error_t error = readstat_end_writing(writer);
    readstat_writer_free(writer);
    return fclose(file) != 0 || error != READSTAT_OK;
}
