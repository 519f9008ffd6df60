#pragma once
// What each command does.
#include "commands.h"

namespace cli {
int run_init(const Arguments&);
int run_case(const Arguments&);
int run_ingest(const Arguments&);
int run_search(const Arguments&);
int run_tag(const Arguments&);
int run_import(const Arguments&);
int run_count(const Arguments&);
int run_show(const Arguments&);
int run_report(const Arguments&);
int run_verify(const Arguments&);
int run_proof(const Arguments&);
int run_check_proof(const Arguments&);
int run_retry(const Arguments&);
int run_list(const Arguments&);
int run_texts(const Arguments&);
int run_reindex(const Arguments&);
int run_backup(const Arguments&);
int run_restore(const Arguments&);
int run_users(const Arguments&);
int run_serve(const Arguments&);
int run_work(const Arguments&);
int run_bench(const Arguments&);
int run_describe(const Arguments&);
int run_completion(const Arguments&);
int run_man(const Arguments&);
int run_version(const Arguments&);
int run_keys(const Arguments&);
int run_identity(const Arguments&);

// One sentence on standard error; the exit code of a refusal.
int refuse(const base::Error& e);
int wrong_usage(const std::string& message);
std::string worker_path();  // custos-worker beside this program
void print(std::string_view text);
// The number of an option, or `otherwise`. Refuses: invalid.
base::Result<std::uint64_t> number_of(const Arguments& a, std::string_view name, std::uint64_t otherwise);
base::Result<std::vector<std::string>> lines_of(const std::string& path);
}  // namespace cli
