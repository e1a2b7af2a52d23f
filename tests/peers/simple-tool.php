<?php
// What a simple tool does with report files, for comparison: SimpleXML, gzdecode, ZipArchive; no notes, no
// limits, no repairs. It takes row/source_ip, row/count and policy_evaluated of each record, keeps the sources
// inside --include-ips and outside --exclude-ips, and prints "reporter ip count disposition dkim spf" lines,
// or with -s the sums of each source over all files: "ip messages failed none quarantine reject dkim spf".

function documents(string $path): array {
    $bytes = file_get_contents($path);
    if (strncmp($bytes, "\x1f\x8b", 2) === 0) {
        return [gzdecode($bytes)];
    }
    if (strncmp($bytes, "PK", 2) !== 0) {
        return [$bytes];
    }
    $zip = new ZipArchive();
    $zip->open($path);
    $all = [];
    for ($i = 0; $i < $zip->numFiles; $i++) {
        $all[] = $zip->getFromIndex($i);
    }
    return $all;
}

function inside(string $ip, string $net): bool {
    [$base, $bits] = array_pad(explode('/', $net), 2, null);
    $a = inet_pton($ip);
    $b = inet_pton($base);
    if (strlen($a) !== strlen($b)) {
        return false;
    }
    $bits = $bits === null ? 8 * strlen($a) : (int) $bits;
    for ($i = 0; $i < $bits; $i++) {
        if (((ord($a[$i >> 3]) ^ ord($b[$i >> 3])) >> (7 - ($i & 7))) & 1) {
            return false;
        }
    }
    return true;
}

function in_list(string $ip, array $list): bool {
    foreach ($list as $net) {
        if (inside($ip, $net)) {
            return true;
        }
    }
    return false;
}

$options = getopt('s', ['include-ips:', 'exclude-ips:'], $rest);
$include = isset($options['include-ips']) ? explode(',', $options['include-ips']) : [];
$exclude = isset($options['exclude-ips']) ? explode(',', $options['exclude-ips']) : [];
$sums = [];
foreach (array_slice($argv, $rest) as $path) {
    foreach (documents($path) as $xml) {
        $report = simplexml_load_string($xml);
        foreach ($report->record as $record) {
            $ip = inet_ntop(inet_pton((string) $record->row->source_ip));
            if (($include && !in_list($ip, $include)) || in_list($ip, $exclude)) {
                continue;
            }
            $count = (int) $record->row->count;
            $policy = $record->row->policy_evaluated;
            [$disposition, $dkim, $spf] = [(string) $policy->disposition, (string) $policy->dkim, (string) $policy->spf];
            if (!isset($options['s'])) {
                echo implode("\t", [$report->report_metadata->org_name, $ip, $count, $disposition, $dkim, $spf]), "\n";
                continue;
            }
            $sums[$ip] ??= ['messages' => 0, 'failed' => 0, 'none' => 0, 'quarantine' => 0, 'reject' => 0, 'dkim' => 0, 'spf' => 0];
            $sums[$ip]['messages'] += $count;
            $sums[$ip][$disposition] += $count;
            $sums[$ip]['failed'] += $dkim !== 'pass' && $spf !== 'pass' ? $count : 0;
            $sums[$ip]['dkim'] += $dkim === 'pass' ? $count : 0;
            $sums[$ip]['spf'] += $spf === 'pass' ? $count : 0;
        }
    }
}
foreach ($sums as $ip => $sum) {
    echo implode("\t", [$ip, ...array_values($sum)]), "\n";
}
