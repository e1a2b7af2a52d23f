#include "warm-up.h"

#include "documents.h"

/* One small report three times: packed by gzip, by zip, and plain; and one about TLS. */
static const char sample[] =
    "From: DMARC <dmarc@example.com>\r\n"
    "Subject: =?utf-8?q?Report_f=C3=BCr_example.net?=\r\n"
    "MIME-Version: 1.0\r\n"
    "Content-Type: multipart/mixed; boundary=\"sample\"\r\n"
    "\r\n"
    "--sample\r\n"
    "Content-Type: application/gzip\r\n"
    "Content-Transfer-Encoding: base64\r\n"
    "\r\n"
    "H4sIAAAAAAACA31T227bMAz9lSAPe6sVB0PXYSzbp/3AtmeDkelEqHWBJPfy96UsO0sQoH6wyCOR\r\n"
    "POfIhqd3O25eOSbj3eO2bXbbDTvte+OOj9t/f3/fPWyfEAbm/kD6BSFy8DF3ljP1lAnBx2PnyDL+\r\n"
    "IRtGBnUGgC2ZEXtLUT/z+7zdaG9B1Y21l+nxjaK9mwKo/xBIe+4iuaN0OvDROGx/7JYHVEWAXV/h\r\n"
    "h/vvBS45qMtSdcM4+NHojy5Mh9GkE5dRXgg5XDk6ztKjYkD9i7EYQdUAKIUBk6RlhYDOOxEdENIa\r\n"
    "SwBBZ2wLoRLI+2ZkZO1jWf2blPopau5MwPbnvtk1+6aVNmcQtJ9cxj2oGqwK+JXGSaQWBSYFn0yW\r\n"
    "W1xYXCIwUx/EdMFnFYV8oJQK26GwoVTO5Y/A6POJRe8cy2hrWWbS5puY82tzKCQqVKytZeqWkJqF\r\n"
    "mV4OmsHI94VwYuo5dkP09trqyw1QVzU05VMXOU1jTouML28r8cg6+4ipOLgmUDssDizJpRVf9lzO\r\n"
    "V7vOxXOZuuan1ltV5x/mE2t8kpphAwAA\r\n"
    "--sample\r\n"
    "Content-Type: application/zip\r\n"
    "Content-Transfer-Encoding: base64\r\n"
    "\r\n"
    "UEsDBBQAAAAIAAAAIVhrfJKalQEAAGEDAAAKAAAAcmVwb3J0LnhtbH1T227bMAz9lSAPe6sVB0PX\r\n"
    "YSzbp/3AtmeDkelEqHWBJPfy96UsO0sQoH6wyCORPOfIhqd3O25eOSbj3eO2bXbbDTvte+OOj9t/\r\n"
    "f3/fPWyfEAbm/kD6BSFy8DF3ljP1lAnBx2PnyDL+IRtGBnUGgC2ZEXtLUT/z+7zdaG9B1Y21l+nx\r\n"
    "jaK9mwKo/xBIe+4iuaN0OvDROGx/7JYHVEWAXV/hh/vvBS45qMtSdcM4+NHojy5Mh9GkE5dRXgg5\r\n"
    "XDk6ztKjYkD9i7EYQdUAKIUBk6RlhYDOOxEdENIaSwBBZ2wLoRLI+2ZkZO1jWf2blPopau5MwPbn\r\n"
    "vtk1+6aVNmcQtJ9cxj2oGqwK+JXGSaQWBSYFn0yWW1xYXCIwUx/EdMFnFYV8oJQK26GwoVTO5Y/A\r\n"
    "6POJRe8cy2hrWWbS5puY82tzKCQqVKytZeqWkJqFmV4OmsHI94VwYuo5dkP09trqyw1QVzU05VMX\r\n"
    "OU1jTouML28r8cg6+4ipOLgmUDssDizJpRVf9lzOV7vOxXOZuuan1ltV5x/mE1BLAQIUAxQAAAAI\r\n"
    "AAAAIVhrfJKalQEAAGEDAAAKAAAAAAAAAAAAAACAAQAAAAByZXBvcnQueG1sUEsFBgAAAAABAAEA\r\n"
    "OAAAAL0BAAAAAA==\r\n"
    "--sample\r\n"
    "Content-Type: text/xml; charset=utf-8\r\n"
    "Content-Transfer-Encoding: quoted-printable\r\n"
    "\r\n"
    "<?xml version=3D\"1.0\" encoding=3D\"UTF-8\"?><feedback><report_metadata><org_n=\r\n"
    "ame>Sample</org_name><email>dmarc@example.com</email><report_id>warm-up</re=\r\n"
    "port_id><date_range><begin>1700000000</begin><end>1700086400</end></date_ra=\r\n"
    "nge></report_metadata><policy_published><domain>example.net</domain><adkim>=\r\n"
    "r</adkim><aspf>s</aspf><p>none</p><sp>none</sp><pct>100</pct></policy_publi=\r\n"
    "shed><record><row><source_ip>192.0.2.1</source_ip><count>2</count><policy_e=\r\n"
    "valuated><disposition>none</disposition><dkim>fail</dkim><spf>pass</spf><re=\r\n"
    "ason><type>other</type><comment>a &amp; b</comment></reason></policy_evalua=\r\n"
    "ted></row><identifiers><header_from>example.net</header_from></identifiers>=\r\n"
    "<auth_results><dkim><domain>example.net</domain><selector>s1</selector><res=\r\n"
    "ult>fail</result></dkim><spf><domain>example.net</domain><result>pass</resu=\r\n"
    "lt></spf></auth_results></record></feedback>\r\n"
    "--sample\r\n"
    "Content-Type: application/tlsrpt+json\r\n"
    "\r\n"
    "{\"organization-name\":\"Sample\",\"date-range\":{\"start-datetime\":\"2023-11-14T00:00:00Z\",\r\n"
    "\"end-datetime\":\"2023-11-14T23:59:59Z\"},\"contact-info\":\"tls@example.com\",\"report-id\":\"warm-"
    "up\",\r\n"
    "\"policies\":[{\"policy\":{\"policy-type\":\"sts\",\"policy-string\":[\"version: STSv1\"],\r\n"
    "\"policy-domain\":\"example.net\",\"mx-host\":[\"mx.example.net\"]},\"summary\":{\r\n"
    "\"total-successful-session-count\":3,\"total-failure-session-count\":1},\"failure-details\":[{\r\n"
    "\"result-type\":\"certificate-expired\",\"sending-mta-ip\":\"192.0.2.1\",\r\n"
    "\"receiving-mx-hostname\":\"mx.example.net\",\"failed-session-count\":1}]}]}\r\n"
    "--sample--\r\n";

enum { SAMPLE_REPORTS = 4 };

bool warm_up(struct reader *r)
{
    reader_mail(r, SV(sample));
    const struct documents *d = reader_documents(r);
    return d->n == SAMPLE_REPORTS && d->rejects == 0;
}
